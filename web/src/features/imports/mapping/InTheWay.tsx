import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Tag } from "antd";

import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";

import type { Finding, Import } from "../api";
import { OneFinding } from "../Findings";
import { stopAll } from "./api";
import { decided, keyOf, type Decision, type Decisions } from "./decide";
import { easydata, words } from "./words";

interface Props {
  found: Import;
  findings: Finding[];
  decisions: Decisions;
  decide: (about: readonly Finding[], decision: Decision) => void;
}

/** What else keeps objects out: a running job can be stopped here, all others stay out if that is said. */
export function InTheWay({ found, findings, decisions, decide }: Props) {
  const said = useManualWords(words, easydata);
  return (
    <Card title={said.other}>
      <Flex vertical gap={space.medium}>
        {findings.map((finding) => (
          <Flex key={keyOf(finding)} justify="space-between" align="center" gap="small" wrap>
            <OneFinding finding={finding} />
            <Acts
              found={found}
              finding={finding}
              decision={decided(finding, decisions)}
              decide={(decision) => decide([finding], decision)}
            />
          </Flex>
        ))}
      </Flex>
    </Card>
  );
}

interface ActsProps {
  found: Import;
  finding: Finding;
  decision: Decision | undefined;
  decide: (decision: Decision) => void;
}

function Acts({ found, finding, decision, decide }: ActsProps) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const mayStop = useMay("job-operate") && finding.code === "target-not-stopped";
  const stopping = useMutation({
    mutationFn: () => stopAll(workspace, found.id, finding),
    onSuccess: (failed) => failed.length === 0 && decide({ act: "stopped" }),
  });
  if (decision?.act === "stopped") return <Tag color="success">{said.stopped}</Tag>;
  return (
    <Flex vertical gap="small" align="end">
      <Flex gap="small" wrap>
        {mayStop && (
          <Button type="primary" loading={stopping.isPending} onClick={() => stopping.mutate()}>
            {said.stop(finding.objects)}
          </Button>
        )}
        <Button
          aria-pressed={decision?.act === "leave"}
          type={decision?.act === "leave" ? "primary" : "default"}
          ghost={decision?.act === "leave"}
          onClick={() => decide({ act: "leave" })}
        >
          {said.leaveOut}
        </Button>
      </Flex>
      {stopping.isError && <Failure error={stopping.error} />}
      {stopping.data?.map((text) => <Alert key={text} type="error" title={text} />)}
    </Flex>
  );
}
