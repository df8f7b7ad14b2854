import { Flex, Input, Typography } from "antd";

import { LongName } from "@/shared/look/LongName";
import { Marked } from "@/shared/look/Marked";
import { OUTCOMES, VerdictTag, type Outcome } from "@/shared/look/Verdict";
import { width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useListed } from "@/shared/words/lists";

import { CountFilter } from "../CountFilter";
import { readLines, type FindingHead, type ReceiptHead, type ReceiptLine } from "./api";
import { easydata, words } from "./words";

const KIND = /^[a-z-]+/;
/** Outcomes after which nothing is here that a link could lead to. */
const GONE: ReadonlySet<Outcome> = new Set<Outcome>(["removed", "deleted", "blocked"]);

interface Row extends ReceiptLine {
  said: string[];
  isHere: boolean;
}

/** What came of each object; the counts above are filters. */
export function Lines({ receipt }: { receipt: ReceiptHead }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const [address, change] = useAddress();
  const outcome = OUTCOMES.find((one) => one === address["outcome"]);
  const name = address["name"] ?? "";
  return (
    <Flex vertical gap="small">
      <Flex gap="small" wrap justify="space-between">
        <CountFilter<Outcome>
          order={OUTCOMES}
          counts={receipt.counts}
          chosen={outcome}
          choose={(next) => change({ outcome: next ?? "", page: "" })}
        />
        <Input.Search
          allowClear
          aria-label={said.name}
          placeholder={said.name}
          defaultValue={name}
          onSearch={(next) => change({ name: next, page: "" })}
          style={{ maxWidth: width.form }}
        />
      </Flex>
      <PagedTable<Row>
        asked={["receipt", receipt.id, "lines", outcome, name]}
        read={async (page) => rowsOf(await readLines(receipt.id, page, outcome, name), receipt.undone_by !== null)}
        rowKey={(row) => `${row.kind}/${row.name}`}
        empty={said.nothing}
        columns={[
          { title: said.outcome, key: "outcome", width: width.tag, render: (_, row) => <VerdictTag of={row.outcome} /> },
          { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Row["kind"]) => kinds[kind] },
          { title: said.object, key: "name", render: (_, row) => <Named row={row} /> },
          { title: said.version, dataIndex: "version", width: width.tag, responsive: ["md"], render: (version: number) => (version ? `v${version}` : "") },
        ]}
      />
    </Flex>
  );
}

function Named({ row }: { row: Row }) {
  const said = useManualWords(words, easydata);
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const listed = useListed();
  const waited = row.missing.map((thing) => thing.replace(KIND, (kind) => kinds[kind] ?? kind));
  return (
    <Flex vertical>
      {row.isHere ? <ObjectLink kind={row.kind} name={row.name} /> : <LongName name={row.name} />}
      {row.missing.length > 0 && <Typography.Text type="secondary">{said.waits(listed(waited))}</Typography.Text>}
      {row.said.map((text) => (
        <Typography.Text key={text} type="secondary">
          <Marked text={text} />
        </Typography.Text>
      ))}
    </Flex>
  );
}

function rowsOf(page: { total: number; items: ReceiptLine[]; findings: FindingHead[] }, isUndone: boolean): { total: number; items: Row[] } {
  const messages = new Map(page.findings.map((finding) => [finding.number, finding.message]));
  const items = page.items.map((line) => ({
    ...line,
    isHere: !isUndone && !GONE.has(line.outcome),
    said: [...new Set(line.reasons.map((reason) => messages.get(reason.finding) ?? ""))],
  }));
  return { total: page.total, items };
}
