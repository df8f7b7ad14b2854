import { LockOutlined } from "@ant-design/icons";
import { Flex, Grid, Tag, Typography, type TableProps } from "antd";

import { width } from "@/shared/look/tokens";
import { isVersioned, type ObjectKind, type ObjectRow } from "@/shared/objects/kinds";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { Held, JobState } from "@/shared/objects/StateTag";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

type Columns = NonNullable<TableProps<ObjectRow>["columns"]>;

/** What a list tells of each object; a column that its kind has not is not there. */
export function useColumns(kind: ObjectKind): Columns {
  const said = useWords(words);
  const time = useTimes();
  const isNarrow = Grid.useBreakpoint().sm === false;
  const columns: Columns = [
    { title: said.name, dataIndex: "name", key: "name", sorter: true, render: (_, row) => <Named row={row} isNarrow={isNarrow} /> },
  ];
  if (kind === "job") {
    columns.push({
      title: said.state,
      key: "state",
      width: width.state,
      responsive: ["sm"],
      render: (_, row) => (row.state ? <JobState state={row.state} /> : null),
    });
  } else if (kind !== "cdm") {
    columns.push({ title: said.type, dataIndex: "type", key: "type", sorter: true, width: width.tag, responsive: ["sm"] });
  }
  if (isVersioned(kind)) {
    columns.push({ title: said.live, key: "live", width: width.state, responsive: ["md"], render: (_, row) => <Live row={row} /> });
  }
  columns.push({
    title: said.updated,
    dataIndex: "updated_at",
    key: "updated_at",
    sorter: true,
    width: width.time,
    responsive: ["xl"],
    render: (at: number, row) => (
      <Flex vertical>
        {time(at)}
        <Typography.Text type="secondary">{row.updated_by}</Typography.Text>
      </Flex>
    ),
  });
  return columns.map((column) => ({ ...column, shouldCellUpdate: isOther }));
}

/** A row that stays as it was is not drawn anew with each tick. */
function isOther(row: ObjectRow, former: ObjectRow): boolean {
  return row !== former;
}

function Named({ row, isNarrow }: { row: ObjectRow; isNarrow: boolean }) {
  const said = useWords(words);
  return (
    <Flex vertical>
      <ObjectLink kind={row.kind} name={row.name} />
      <Flex gap="small" wrap>
        {row.kind !== "cdm" && (
          <Typography.Text type="secondary" className="beside">
            {row.directory}
          </Typography.Text>
        )}
        {row.locked_by && (
          <Typography.Text type="secondary" className="beside" title={said.holder}>
            <LockOutlined aria-label={said.holder} /> {row.locked_by}
          </Typography.Text>
        )}
        {isNarrow && row.state && <JobState state={row.state} />}
        <Held what={row.held} />
        {row.tags.map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
      </Flex>
    </Flex>
  );
}

/** The version that scheduling uses, and whether the draft is another. */
function Live({ row }: { row: ObjectRow }) {
  const said = useWords(words);
  if (row.live_version === 0) return <Typography.Text type="secondary">{said.none}</Typography.Text>;
  return <span>v{row.live_version}</span>;
}
