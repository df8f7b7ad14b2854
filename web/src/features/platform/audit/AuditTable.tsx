import { Badge, Button, Descriptions, Drawer, Grid, Typography, type TableProps } from "antd";

import type { Schemas } from "@/shared/api/client";
import { width } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import type { Page } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { actionWords, easydataActions } from "./actions";
import { queryOf, type AuditQuery } from "./query";
import { useFilters } from "./useFilters";
import { words } from "./words";

type Row = Schemas["AuditRowAnswer"];

const LOOKS = { done: "success", refused: "warning", failed: "error" } as const;

interface Props {
  asked: readonly unknown[];
  read: (query: AuditQuery & Page) => Promise<Schemas["AuditList"]>;
  isOfPlatform: boolean;
}

/** Rows of the audit, in words; one of them whole in a drawer. */
export function AuditTable({ asked, read, isOfPlatform }: Props) {
  const said = useWords(words);
  return (
    <FilteredTable<Row>
      asked={asked}
      filters={useFilters()}
      read={({ offset, limit, ...filters }) => read({ ...queryOf(filters), offset, limit })}
      columns={useColumns(isOfPlatform)}
      rowKey={({ number }) => String(number)}
      said={said}
    />
  );
}

function useColumns(isOfPlatform: boolean): NonNullable<TableProps<Row>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  return [
    { title: said.at, dataIndex: "at", width: width.time, responsive: ["md"], render: time },
    { title: said.actor, dataIndex: "actor", width: width.person, responsive: ["md"], className: "beside" },
    { title: said.what, key: "what", render: (_, row) => <What row={row} /> },
    ...(isOfPlatform ? [{ title: said.workspace, dataIndex: "workspace", width: width.person, responsive: ["lg" as const], className: "beside" }] : []),
    { title: said.outcome, key: "outcome", width: width.count, render: (_, { outcome }) => <Badge status={LOOKS[outcome]} text={said[outcome]} /> },
  ];
}

/** What was done to which thing; all that is known of it opens beside. */
function What({ row }: { row: Row }) {
  const actions: Record<string, string> = useManualWords(actionWords, easydataActions);
  const [address, change] = useAddress();
  const said = useWords(words);
  const time = useTimes();
  const isNarrow = Grid.useBreakpoint().md === false;
  const title = actions[row.action] ?? row.action;
  return (
    <>
      <Button type="link" size="small" className="cell-link" onClick={() => change({ row: String(row.number) })}>
        {title}
      </Button>
      <div className="beside">{row.subject}</div>
      {isNarrow && (
        <Typography.Paragraph type="secondary" className="beside" style={{ margin: 0 }}>
          {said.by(row.actor, time(row.at))}
        </Typography.Paragraph>
      )}
      {row.detail_told && (
        <Typography.Text type="secondary" className="beside">
          {row.detail_told}
        </Typography.Text>
      )}
      {address["row"] === String(row.number) && (
        <Drawer open title={title} onClose={() => change({ row: "" })}>
          <Whole row={row} />
        </Drawer>
      )}
    </>
  );
}

function Whole({ row }: { row: Row }) {
  const said = useWords(words);
  const time = useTimes();
  const facts = {
    row: row.number.toLocaleString(),
    at: time(row.at),
    actor: row.actor,
    origin: row.origin,
    workspace: row.workspace,
    what: `${row.action} ${row.kind} ${row.subject}`,
    outcome: said[row.outcome],
    detail: row.detail_told,
    fingerprint: row.mark,
  };
  const items = Object.entries(facts).map(([key, text]) => ({ key, label: said[key as keyof typeof facts], children: <span className="beside">{text || "–"}</span> }));
  return <Descriptions column={1} size="small" layout="vertical" items={items} />;
}
