import { Button, Card, Col, Flex, Row, Typography } from "antd";

import { LongName } from "@/shared/look/LongName";
import { Marked } from "@/shared/look/Marked";
import { space } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import type { Finding } from "../api";
import { Concerned } from "../Findings";
import { Chooser } from "./Chooser";
import { decided, keyOf, type Decision, type Decisions } from "./decide";
import { NewConnection } from "./NewConnection";
import { easydata, words } from "./words";

interface Props {
  kind: string;
  findings: Finding[];
  candidates: ReadonlyMap<string, readonly string[]>;
  decisions: Decisions;
  decide: (about: readonly Finding[], decision: Decision) => void;
}

/** Everything of one kind that is missing here, each with its chooser; and what can be said of all at once. */
export function MissingThings({ kind, findings, candidates, decisions, decide }: Props) {
  const said = useManualWords(words, easydata);
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const likest = (): void => {
    for (const finding of findings) {
      const [first] = candidates.get(keyOf(finding)) ?? [];
      if (first !== undefined) decide([finding], { act: "map", to: first });
    }
  };
  const hasLikely = findings.some((finding) => (candidates.get(keyOf(finding)) ?? []).length > 0);
  const forAll = findings.length > 1 && (
    <Flex gap="small" wrap>
      {hasLikely && <Button onClick={likest}>{said.likest}</Button>}
      <Button onClick={() => decide(findings, { act: "hold" })}>{said.holdAll}</Button>
      <Button onClick={() => decide(findings, { act: "leave" })}>{said.leaveAll}</Button>
    </Flex>
  );
  return (
    <Card title={said.missing(kinds[kind] ?? kind)} extra={forAll}>
      <Flex vertical gap={space.medium}>
        {findings.map((finding) => (
          <Row key={keyOf(finding)} gutter={[space.medium, space.tight]} align="middle">
            <Col xs={24} md={10}>
              <Typography.Text strong>
                <LongName name={finding.need_name} />
              </Typography.Text>
              <Typography.Paragraph type="secondary" style={{ margin: 0 }}>
                {said.usedBy(finding.objects)}
                <Concerned finding={finding} />
              </Typography.Paragraph>
            </Col>
            <Col xs={24} md={14}>
              <Flex gap="small" wrap>
                <Chooser
                  finding={finding}
                  candidates={candidates.get(keyOf(finding)) ?? []}
                  decision={decided(finding, decisions)}
                  decide={(decision) => decide([finding], decision)}
                />
                {kind === "connection" && <NewConnection name={finding.need_name} done={(to) => decide([finding], { act: "map", to })} />}
              </Flex>
            </Col>
          </Row>
        ))}
        {findings[0] && <Typography.Text type="secondary"><Marked text={findings[0].remedy} /></Typography.Text>}
      </Flex>
    </Card>
  );
}
