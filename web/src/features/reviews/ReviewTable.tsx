import { Link } from "@tanstack/react-router";
import { Button, Empty, Flex, Input, Select, Typography, type TableProps } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { LongName } from "@/shared/look/LongName";
import { width } from "@/shared/look/tokens";
import { useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { keys, readReviews, type ReviewHead, type ReviewKind, type Tab } from "./api";
import { StateTag, STATES } from "./StateTag";
import { words } from "./words";

const EVERY_MS = 15_000;

/** Reviews or releases of one tab. */
export function ReviewTable({ kind, tab }: { kind: ReviewKind; tab: Tab }) {
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const filters = { state: tab === "pending" ? undefined : address["state"], name: address["name"] };
  const query = { tab, ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) };
  return (
    <Flex vertical gap="small">
      <Filters hasState={tab !== "pending"} />
      <PagedTable<ReviewHead>
        asked={[...keys.all(workspace), kind, query]}
        read={(page) => readReviews(workspace, kind, { ...query, ...page })}
        columns={useColumns()}
        rowKey={({ id }) => id}
        empty={<Nothing tab={tab} isFiltered={Object.keys(query).length > 1} />}
        refetchInterval={EVERY_MS}
      />
      <Command text={`jobferry ${kind} list --tab ${tab} -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function Filters({ hasState }: { hasState: boolean }) {
  const said = useWords(words);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={address["name"] ?? ""}
        allowClear
        aria-label={said.name}
        placeholder={said.name}
        defaultValue={address["name"]}
        onSearch={(name) => change({ name, page: "" })}
        style={{ maxWidth: width.form }}
      />
      {hasState && (
        <Select
          aria-label={said.state}
          value={address["state"] ?? ""}
          options={[{ value: "", label: said.allStates }, ...STATES.map((value) => ({ value, label: said[value] }))]}
          onChange={(state) => change({ state, page: "" })}
          popupMatchSelectWidth={false}
        />
      )}
    </Flex>
  );
}

function Nothing({ tab, isFiltered }: { tab: Tab; isFiltered: boolean }) {
  const said = useWords(words);
  const { settings } = useWorkspace();
  const [, change] = useAddress();
  if (isFiltered) {
    return (
      <Empty description={said.noneFit}>
        <Button onClick={() => change({ name: "", state: "", page: "" })}>{said.clear}</Button>
      </Empty>
    );
  }
  const none = { pending: said.nonePending, mine: said.noneMine, reviewed: said.noneReviewed, all: said.noneAll };
  const isOff = settings["mode"] === "simple" && settings["review"] === "off";
  return (
    <Empty description={<Typography.Text strong>{none[tab]}</Typography.Text>}>
      <Typography.Text type="secondary">{isOff ? said.off : said.noneText}</Typography.Text>
    </Empty>
  );
}

function useColumns(): NonNullable<TableProps<ReviewHead>["columns"]> {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  return [
    {
      title: said.what,
      key: "what",
      render: (_, row) => (
        <Flex vertical>
          <Link to="/w/$workspace/reviews/$reviewId" params={{ workspace, reviewId: row.id }} search={row.kind === "release" ? { kind: "release" } : {}} className="beside">
            {row.name}
          </Link>
          <Typography.Text type="secondary" className="beside">
            {[said.objects(row.size), row.note].filter(Boolean).join(" · ")}
          </Typography.Text>
        </Flex>
      ),
    },
    { title: said.state, key: "state", width: width.state, render: (_, row) => <StateTag state={row.state} /> },
    { title: said.askedBy, dataIndex: "asked_by", width: width.person, responsive: ["sm"], render: (name: string) => <LongName name={name} /> },
    { title: said.askedAt, dataIndex: "asked_at", width: width.time, responsive: ["md"], render: time },
    {
      title: said.approvers,
      key: "approvers",
      width: width.person,
      responsive: ["lg"],
      render: (_, row) => row.decided_by || row.approvers.join(", ") || <Typography.Text type="secondary">{said.anybody}</Typography.Text>,
    },
  ];
}
