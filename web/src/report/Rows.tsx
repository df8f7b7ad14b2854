import { Flex, Input, Table, Typography } from "antd";
import { useMemo, useState } from "react";

import { CountFilter } from "@/features/imports/CountFilter";
import { LongName } from "@/shared/look/LongName";
import { Marked } from "@/shared/look/Marked";
import { OUTCOMES, VERDICTS, VerdictTag } from "@/shared/look/Verdict";
import { width } from "@/shared/look/tokens";
import { kindWords } from "@/shared/words/kinds";
import { useWords } from "@/shared/words/words";

import { Differences } from "./Differences";
import type { ReportData, ReportRow } from "./data";
import { words } from "./words";

const ORDER = [...new Set([...VERDICTS, ...OUTCOMES])];
const PAGE = 50;

/** All objects; the counts above are filters, and a row opens where something differs. */
export function Rows({ data }: { data: ReportData }) {
  const said = useWords(words);
  const kinds = useWords(kindWords);
  const [verdict, choose] = useState<ReportRow["verdict"]>();
  const [name, find] = useState("");
  // a receipt does not say where its objects lie
  const hasDirectories = data.rows.some((row) => row.directory !== "");
  const texts: Partial<Record<ReportRow["verdict"], string>> = data.about === "diff" ? { create: said.added, overwrite: said.changed, delete: said.removed } : {};
  const messages = useMemo(() => new Map(data.findings.map((finding) => [finding.number, finding.message])), [data]);
  const rows = useMemo(
    () =>
      data.rows.filter(
        (row) => (verdict === undefined || row.verdict === verdict) && row.name.toLowerCase().includes(name.toLowerCase()),
      ),
    [data, verdict, name],
  );
  return (
    <Flex vertical gap="small">
      <Flex gap="small" wrap justify="space-between">
        <CountFilter order={ORDER} counts={data.counts} chosen={verdict} choose={choose} texts={texts} />
        <Input.Search allowClear aria-label={said.name} placeholder={said.name} onSearch={find} style={{ maxWidth: width.form }} />
      </Flex>
      <Table<ReportRow>
        size="middle"
        tableLayout="fixed"
        dataSource={rows}
        rowKey={(row) => `${row.kind}/${row.name}`}
        locale={{ emptyText: said.nothing }}
        pagination={{ pageSize: PAGE, hideOnSinglePage: true, showSizeChanger: false }}
        expandable={{
          expandRowByClick: true,
          showExpandColumn: data.rows.some(differs),
          rowExpandable: differs,
          expandedRowRender: (row) => <Differences differences={row.differences} />,
        }}
        columns={[
          { title: said.outcome, key: "verdict", width: width.tag, render: (_, row) => <VerdictTag of={row.verdict} text={texts[row.verdict]} /> },
          { title: said.kind, key: "kind", width: width.kind, responsive: ["md"], render: (_, row) => kinds[row.kind] },
          { title: said.object, key: "name", render: (_, row) => <Named row={row} messages={messages} /> },
          ...(hasDirectories ? [{ title: said.directory, dataIndex: "directory", responsive: ["lg" as const], className: "beside" }] : []),
        ]}
      />
      {data.same > 0 && <Typography.Text type="secondary">{said.same(data.same)}</Typography.Text>}
    </Flex>
  );
}

function differs(row: ReportRow): boolean {
  return row.differences.length > 0;
}

function Named({ row, messages }: { row: ReportRow; messages: ReadonlyMap<number, string> }) {
  const why = [...row.notes, ...new Set(row.findings.map((number) => messages.get(number) ?? ""))].filter(Boolean);
  return (
    <Flex vertical>
      <LongName name={row.name} />
      {why.length > 0 && (
        <Typography.Text type="secondary" className="beside">
          <Marked text={why.join(" · ")} />
        </Typography.Text>
      )}
    </Flex>
  );
}
