import { Checkbox, Flex, Tag, Typography, type TableProps } from "antd";

import { LongName } from "@/shared/look/LongName";
import { VerdictTag, type Verdict } from "@/shared/look/Verdict";
import { space, width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords, useMay } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useTimes } from "@/shared/words/times";

import { keyOf, type Change, type ChangeKind } from "./filters";
import { MOST_SELECTED, useSelected } from "./selected";
import { easydata, words } from "./words";

type Columns = NonNullable<TableProps<Change>["columns"]>;

/** What the list tells of each change. */
export function useColumns(): Columns {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const time = useTimes();
  const tick: Columns = [{ key: "tick", width: space.huge, render: (_, row) => <Tick row={row} /> }];
  return [
    ...(useMay("export") ? tick : []),
    { title: said.change, key: "change", width: width.tag, render: (_, row) => <Kind of={row.change} /> },
    { title: said.object, key: "object", render: (_, row) => <Named row={row} /> },
    { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["lg"], render: (kind: Change["kind"]) => kinds[kind] },
    { title: said.place, key: "place", responsive: ["md"], render: (_, row) => <Moved former={row.former_directory} now={row.directory} /> },
    { title: said.by, dataIndex: "changed_by", width: width.person, responsive: ["lg"], render: (name: string) => <LongName name={name} /> },
    { title: said.time, dataIndex: "changed_at", width: width.time, responsive: ["sm"], render: time },
  ];
}

function Tick({ row }: { row: Change }) {
  const said = useManualWords(words, easydata);
  const { keys, toggle } = useSelected();
  const key = keyOf(row);
  if (key === null) return null;
  const isSelected = keys.includes(key);
  return (
    <Checkbox
      aria-label={said.select(row.name)}
      checked={isSelected}
      disabled={!isSelected && keys.length >= MOST_SELECTED}
      onChange={() => toggle(key)}
    />
  );
}

const LOOKS: Partial<Record<ChangeKind, Verdict>> = { added: "create", deleted: "delete" };

function Kind({ of }: { of: ChangeKind }) {
  const said = useManualWords(words, easydata);
  return <VerdictTag of={LOOKS[of] ?? "overwrite"} text={said[of]} />;
}

function Named({ row }: { row: Change }) {
  const said = useManualWords(words, easydata);
  const isGone = row.change === "deleted";
  return (
    <Flex vertical>
      {isGone ? <LongName name={row.name} /> : <ObjectLink kind={row.kind} name={row.name} />}
      {row.former_name && row.former_name !== row.name && <Typography.Text type="secondary">← {row.former_name}</Typography.Text>}
      {row.live && (
        <span title={said.liveText}>
          <Tag>{said.live}</Tag>
        </span>
      )}
    </Flex>
  );
}

function Moved({ former, now }: { former: string; now: string }) {
  return (
    <Flex vertical>
      <span className="beside">{now}</span>
      {former && former !== now && (
        <Typography.Text type="secondary" className="beside">
          ← {former}
        </Typography.Text>
      )}
    </Flex>
  );
}
