import { useQuery, type QueryKey } from "@tanstack/react-query";
import { Collapse, Flex, Tag, Typography } from "antd";

import type { Schemas } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { Marked } from "@/shared/look/Marked";
import { useVerdictColours, type Verdict } from "@/shared/look/Verdict";
import { useWords, type Words } from "@/shared/words/words";

import { wheres } from "./wheres";

type Finding = Schemas["FindingAnswer"];
type Severity = Schemas["Severity"];

const MOST = 200;
const VERDICTS: Record<Severity, Verdict> = { block: "blocked", hold: "held", warn: "overwrite" };

const en = {
  title: (count: number) => `Findings (${count})`,
  block: "keeps out",
  hold: "holds",
  warn: "warning",
  more: (count: number) => `and ${count.toLocaleString()} more`,
  comma: ", ",
};
export const severityWords: Words<typeof en> = {
  en,
  zh: {
    title: (count) => `发现的问题（${count}）`,
    block: "阻止导入",
    hold: "挂起",
    warn: "警告",
    more: (count) => `另有 ${count.toLocaleString()} 个`,
    comma: "、",
  },
};

interface Props {
  asked: QueryKey;
  read: (page: { offset: number; limit: number }) => Promise<{ total: number; items: Finding[] }>;
  counts: Partial<Record<Severity, number>>;
  title?: (count: number) => string;
  /** Those that are known without being asked for: they come before the others. */
  first?: Finding[];
}

/** All findings, folded until they are wanted; nothing where there is none. */
export function Findings({ asked, read, counts, title, first = [] }: Props) {
  const said = useWords(severityWords);
  const others = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const count = others + first.length;
  if (count === 0) return null;
  const children = (
    <Flex vertical gap="middle">
      <Listing findings={first} />
      {others > 0 && <Listed asked={asked} read={read} />}
    </Flex>
  );
  return <Collapse items={[{ key: "findings", label: (title ?? said.title)(count), children }]} />;
}

function Listing({ findings }: { findings: Finding[] }) {
  return findings.map((finding) => <OneFinding key={finding.number} finding={finding} />);
}

function Listed({ asked, read }: Pick<Props, "asked" | "read">) {
  const said = useWords(severityWords);
  const query = useQuery({ queryKey: asked, queryFn: () => read({ offset: 0, limit: MOST }) });
  return (
    <Asked query={query}>
      {({ items, total }) => (
        <>
          <Listing findings={items} />
          {total > items.length && <Typography.Text type="secondary">{said.more(total - items.length)}</Typography.Text>}
        </>
      )}
    </Asked>
  );
}

/** What is the matter with one thing, what to do, and which objects it concerns. */
export function OneFinding({ finding }: { finding: Finding }) {
  const said = useWords(severityWords);
  const colours = useVerdictColours();
  const [only] = wheres(finding);
  const isOne = finding.objects === 1;
  return (
    <Flex vertical>
      <Flex gap="small" align="baseline">
        <Tag style={{ color: colours[VERDICTS[finding.severity]] }}>{said[finding.severity]}</Tag>
        <Typography.Text strong>
          {isOne && only?.name} {isOne && only?.path && <Typography.Text code>{only.path}</Typography.Text>} <Marked text={finding.message} />
        </Typography.Text>
      </Flex>
      {finding.remedy && <Typography.Text><Marked text={finding.remedy} /></Typography.Text>}
      {!isOne && <Concerned finding={finding} />}
    </Flex>
  );
}

/** The first objects that a finding concerns, and how many more. */
export function Concerned({ finding }: { finding: Finding }) {
  const said = useWords(severityWords);
  const first = wheres(finding);
  const rest = finding.objects - first.length;
  return (
    <Typography.Text type="secondary" className="beside">
      {first.map(({ name, path }) => (path ? `${name} (${path})` : name)).join(said.comma)} {rest > 0 && said.more(rest)}
    </Typography.Text>
  );
}
