import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge, Button, Flex, Grid, Input, Table, Typography, type BadgeProps, type TableProps } from "antd";

import { Failure } from "@/shared/look/Failure";
import { LongName } from "@/shared/look/LongName";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { EmptyText } from "@/shared/table/EmptyText";
import { Nothing } from "@/shared/table/Nothing";
import { useAddress } from "@/shared/url/address";
import { inUnits } from "@/shared/words/sizes";
import { useTimes } from "@/shared/words/times";

import { keys, readBackups, type State } from "./api";
import { rowsOf, type Row, type Status } from "./rows";
import { easydata, words } from "./words";

const LOOKS: Record<Status, NonNullable<BadgeProps["status"]>> = {
  RUNNING: "processing",
  SUCCESSFUL: "success",
  FAILED: "error",
  CANCELLED: "default",
  UNUSABLE: "warning",
};
const PLATFORM = "platform";

interface Props {
  state: State;
  /** The folder with another platform's backups; empty for this workspace's own. */
  from: string;
}

/** The backups in a folder, the newest first; among this workspace's own also what is being taken, and what failed. */
export function Backups({ state, from }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: keys.list(workspace, from, state.last_good?.name ?? ""),
    queryFn: ({ pageParam }) => readBackups(workspace, from, pageParam),
    initialPageParam: "",
    getNextPageParam: ({ before }) => before || undefined,
    placeholderData: keepPreviousData,
  });
  const found = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const rows = rowsOf(found, from || !query.data ? undefined : state, !query.hasNextPage);
  const nothing = from ? { none: said.noneThere, noneText: said.noneThereText } : { none: said.none, noneText: said.noneText };
  const columns = useColumns(from);
  return (
    <Flex vertical gap={space.medium}>
      <From key={from} from={from} />
      {query.isError ? (
        <Failure error={query.error} again={() => void query.refetch()} />
      ) : (
        <Table<Row>
          size="middle"
          tableLayout="fixed"
          columns={columns}
          rowKey={({ name }) => name}
          dataSource={rows}
          loading={query.isPending}
          pagination={false}
          locale={{ emptyText: query.isPending ? <span /> : <EmptyText><Nothing said={{ ...nothing, noneFit: "" }} clear={null} /></EmptyText> }}
        />
      )}
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {said.more}
        </Button>
      )}
    </Flex>
  );
}

/** Where backups are looked for. */
function From({ from }: { from: string }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  return (
    <Flex gap="small" wrap align="center">
      <Input.Search
        allowClear
        aria-label={said.from}
        placeholder={`${said.from}: ${said.fromExample}`}
        defaultValue={from}
        onSearch={(typed) => change({ from: typed.trim() })}
        style={{ maxWidth: width.dialog }}
      />
      {from && <Button onClick={() => change({ from: "" })}>{said.own}</Button>}
    </Flex>
  );
}

function useColumns(from: string): NonNullable<TableProps<Row>["columns"]> {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const isNarrow = Grid.useBreakpoint().md === false;
  const by = (name: string) => (name === PLATFORM ? said.platform : name);
  return [
    {
      title: said.name,
      key: "name",
      render: (_, row) => (
        <Flex vertical>
          <Typography.Text strong className="beside">
            {row.name}
          </Typography.Text>
          {from && row.workspace && <Typography.Text type="secondary">{said.of(row.workspace)}</Typography.Text>}
          {isNarrow && (
            <>
              <Badge status={LOOKS[row.status]} text={said[row.status]} />
              <Holds row={row} />
              <Typography.Text type="secondary">{[by(row.by), row.at > 0 && time(row.at)].filter(Boolean).join(said.comma)}</Typography.Text>
            </>
          )}
          {row.reason && (
            <Typography.Text type={row.status === "FAILED" ? "danger" : "secondary"} className="beside">
              {row.reason}
            </Typography.Text>
          )}
        </Flex>
      ),
    },
    { title: said.status, key: "status", width: width.kind, responsive: ["md"], render: (_, row) => <Badge status={LOOKS[row.status]} text={said[row.status]} /> },
    { title: said.size, key: "size", width: width.time, responsive: ["md"], render: (_, row) => <Holds row={row} /> },
    { title: said.by, dataIndex: "by", width: width.person, responsive: ["lg"], render: (name: string) => <By name={name} /> },
    { title: said.at, dataIndex: "at", width: width.time, responsive: ["md"], render: (at: number) => (at > 0 ? time(at) : "") },
    { key: "acts", width: width.count, render: (_, row) => <Restore row={row} from={from} /> },
  ];
}

function By({ name }: { name: string }) {
  const said = useManualWords(words, easydata);
  if (name === PLATFORM) return said.platform;
  return name ? <LongName name={name} /> : <Typography.Text type="secondary">{said.unknown}</Typography.Text>;
}

function Holds({ row }: { row: Row }) {
  const said = useManualWords(words, easydata);
  if (row.status !== "SUCCESSFUL") return null;
  return <Typography.Text type="secondary">{`${said.objects(row.objects)} · ${inUnits(row.size)}`}</Typography.Text>;
}

function Restore({ row, from }: { row: Row; from: string }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const mayRestore = useMay("import");
  if (!mayRestore || row.status !== "SUCCESSFUL") return null;
  return (
    <Link to="/w/$workspace/asset-backups/$name" params={{ workspace, name: row.name }} search={{ from }} aria-label={said.restoreOne(row.name)}>
      <Button tabIndex={-1} size="small">
        {said.restore}
      </Button>
    </Link>
  );
}
