import { Link } from "@tanstack/react-router";
import { Flex, Typography, type TableProps } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { LongName } from "@/shared/look/LongName";
import { width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { useTimes } from "@/shared/words/times";
import { useListed } from "@/shared/words/lists";

import { keys, readReviews, type ReviewHead, type ReviewKind, type Tab } from "./api";
import { StateTag, STATES } from "./StateTag";
import { easydata, words } from "./words";

const EVERY_MS = 15_000;

/** Reviews or releases of one tab. */
export function ReviewTable({ kind, tab }: { kind: ReviewKind; tab: Tab }) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const none = { pending: said.nonePending, mine: said.noneMine, reviewed: said.noneReviewed, all: said.noneAll }[tab];
  const isOff = settings["mode"] === "simple" && settings["review"] === "off";
  const state = { key: "state", label: said.state, any: said.allStates, options: STATES.map((value) => ({ value, label: said[value] })) };
  return (
    <Flex vertical gap="small">
      <FilteredTable<ReviewHead>
        asked={[...keys.all(workspace), kind, tab]}
        filters={[{ key: "name", label: said.name }, ...(tab === "pending" ? [] : [state])]}
        read={(query) => readReviews(workspace, kind, { tab, ...query })}
        columns={useColumns()}
        rowKey={({ id }) => id}
        said={{ none, noneText: isOff ? said.off : said.noneText, noneFit: said.noneFit }}
        refetchInterval={EVERY_MS}
      />
      <Command text={`jobferry ${kind} list --tab ${tab} -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function useColumns(): NonNullable<TableProps<ReviewHead>["columns"]> {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  const listed = useListed();
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
      render: (_, row) => row.decided_by || listed(row.approvers) || <Typography.Text type="secondary">{said.anybody}</Typography.Text>,
    },
  ];
}
