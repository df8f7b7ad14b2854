import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Flex, Input, Typography } from "antd";

import { Marked } from "@/shared/look/Marked";
import { useKeys } from "@/shared/look/useKeys";
import { LongName } from "@/shared/look/LongName";
import { VERDICTS, VerdictTag, type Verdict } from "@/shared/look/Verdict";
import { width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useWords } from "@/shared/words/words";

import { keys, type Import } from "../api";
import { CountFilter } from "../CountFilter";
import { readSteps, type ObjectKey, type Step } from "./api";
import { Compare } from "./Compare";
import { nameOf, useViewed } from "./useViewed";
import { words } from "./words";

type Row = Step & { said: string[] };

/** What would become of each object; the counts are filters, and what stays as it is is folded away. */
export function PlanSteps({ found }: { found: Import }) {
  const said = useWords(words);
  const kinds = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const [address, change] = useAddress();
  const counts = found.check?.counts ?? {};
  const verdict = VERDICTS.find((one) => one === address["verdict"]);
  const isFolded = verdict === undefined && address["all"] !== "1";
  const quiet = (counts["unchanged"] ?? 0) + (counts["skip"] ?? 0);
  const asked = {
    ...(verdict ? { verdict } : {}),
    ...(isFolded ? { stays: false } : {}),
    ...(address["name"] ? { name: address["name"] } : {}),
  };
  const selected = address["object"];
  const select = (key: string | undefined): void => change({ object: key });
  const { viewed, total, toggle } = useViewed(found);
  useKeys({ v: () => selected !== undefined && toggle(keyOfName(selected)) });
  return (
    <Flex vertical gap="small">
      <Flex gap="small" wrap justify="space-between">
        <CountFilter<Verdict> order={VERDICTS} counts={counts} chosen={verdict} choose={(next) => change({ verdict: next ?? "", page: "" })} />
        <Input.Search
          allowClear
          aria-label={said.name}
          placeholder={said.name}
          defaultValue={address["name"]}
          onSearch={(name) => change({ name, page: "" })}
          style={{ maxWidth: width.form }}
        />
      </Flex>
      <PagedTable<Row>
        asked={[...keys.one(workspace, found.id), "plan", found.plan_digest, asked]}
        read={async (page) => {
          const read = await readSteps(workspace, found.id, asked, page);
          const messages = new Map(read.findings.map((finding) => [finding.number, finding.message]));
          return { total: read.total, items: read.items.map((step) => ({ ...step, said: saidOf(step, messages) })) };
        }}
        rowKey={nameOf}
        empty={said.nothing}
        walk={{ selected, select }}
        more={{
          expandable: {
            expandedRowKeys: selected === undefined ? [] : [selected],
            expandRowByClick: true,
            expandIcon: ({ expanded, onExpand, record }) => (
              <Button
                type="text"
                size="small"
                icon={expanded ? <DownOutlined /> : <RightOutlined />}
                aria-expanded={expanded}
                aria-label={`${said.compare}: ${record.name}`}
                onClick={(event) => onExpand(record, event)}
              />
            ),
            onExpand: (isOpen, step) => select(isOpen ? nameOf(step) : ""),
            expandedRowRender: (step) => <Compare found={found} step={step} isViewed={viewed.has(nameOf(step))} toggle={() => toggle(step)} />,
          },
        }}
        columns={[
          { title: said.verdict, key: "verdict", width: width.tag, render: (_, step) => <VerdictTag of={step.verdict} /> },
          { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Step["kind"]) => kinds[kind] },
          { title: said.object, key: "name", render: (_, step) => <Named step={step} isViewed={viewed.has(nameOf(step))} /> },
          { title: said.directory, dataIndex: "directory", responsive: ["lg"], className: "beside" },
        ]}
      />
      <Flex gap="small" wrap align="center">
        {verdict === undefined && quiet > 0 && (
          <Button type="link" onClick={() => change({ all: isFolded ? "1" : "", page: "" })}>
            {isFolded ? said.folded(quiet.toLocaleString()) : said.fold}
          </Button>
        )}
        <Typography.Text type="secondary">
          {said.viewedCount(total, found.check?.steps ?? 0)} · {said.keys}
        </Typography.Text>
      </Flex>
    </Flex>
  );
}

/** The object that the address names. */
function keyOfName(text: string): ObjectKey {
  const slash = text.indexOf("/");
  return { kind: text.slice(0, slash) as Step["kind"], name: text.slice(slash + 1) };
}

function saidOf(step: Step, messages: ReadonlyMap<number, string>): string[] {
  return [...new Set(step.reasons.map((reason) => messages.get(reason.finding) ?? ""))];
}

function Named({ step, isViewed }: { step: Row; isViewed: boolean }) {
  const said = useWords(words);
  const ways = { live: said.submits, review: said.review, release: said.release };
  const more = [step.note, step.submits > 0 ? ways[step.way](step.submits) : "", step.lock_from && said.takesLock(step.lock_from), step.tag && said.getsTag(step.tag), ...step.said].filter(Boolean);
  return (
    <Flex vertical>
      <Flex gap="small">
        <LongName name={step.name} />
        {isViewed && <Typography.Text type="success">✓ {said.viewed}</Typography.Text>}
      </Flex>
      {more.length > 0 && (
        <Typography.Text type="secondary" className="beside">
          <Marked text={more.join(" · ")} />
        </Typography.Text>
      )}
    </Flex>
  );
}
