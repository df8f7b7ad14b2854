import { Flex, Typography } from "antd";

import { useVerdictColours } from "@/shared/look/Verdict";
import { useWords } from "@/shared/words/words";

import type { ReportDifference } from "./data";
import { words } from "./words";

/** Where an object's texts differ, place by place. */
export function Differences({ differences }: { differences: ReportDifference[] }) {
  return (
    <Flex vertical gap="small">
      {differences.map((one) => (
        <OneDifference key={one.path} one={one} />
      ))}
    </Flex>
  );
}

function OneDifference({ one }: { one: ReportDifference }) {
  const said = useWords(words);
  const colours = useVerdictColours();
  const colourOf = (line: string): string | undefined =>
    line.startsWith("+") ? colours.create : line.startsWith("-") ? colours.blocked : undefined;
  const lines =
    one.lines.length > 0 ? one.lines : [`- ${said.before}: ${one.before ?? said.absent}`, `+ ${said.after}: ${one.after ?? said.absent}`];
  return (
    <Flex vertical>
      <Typography.Text strong className="beside">
        {one.path || said.root}
      </Typography.Text>
      {lines.map((line, index) => (
        <code key={index} className="beside lines" style={{ color: colourOf(line) }}>
          {line}
        </code>
      ))}
    </Flex>
  );
}
