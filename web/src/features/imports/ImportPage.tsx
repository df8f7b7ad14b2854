import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button, Card, Flex, Typography } from "antd";
import { useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { PageTitle } from "@/shared/look/PageTitle";
import { StateTag } from "@/shared/imports/StateTag";
import { Marked } from "@/shared/look/Marked";
import { space } from "@/shared/look/tokens";
import { useTop } from "@/shared/look/useTop";
import { useWorkspace } from "@/shared/session/workspace";
import { TaskProgress } from "@/shared/tasks/TaskProgress";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useWords, type Words } from "@/shared/words/words";

import { keys, readImport, type Import } from "./api";
import { ImportSteps, type Step } from "./ImportSteps";
import { Mapping } from "./mapping/Mapping";
import { Plan } from "./plan/Plan";
import { Receipt } from "./receipt/Receipt";
import { ChangeOptions } from "./start/ChangeOptions";

const en = {
  begun: (name: string, time: string) => `Begun by ${name}, ${time}`,
  again: "Import another package",
  over: "Nothing was changed.",
};
const words: Words<typeof en> = {
  en,
  zh: { begun: (name, time) => `${name} 于 ${time} 发起`, again: "导入其他包", over: "未做任何更改。" },
};

/** One import, at the step that its state and the address say. */
export function ImportPage() {
  const { importId } = useParams({ from: "/signed-in/w/$workspace/imports/$importId" });
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: keys.one(workspace, importId),
    queryFn: () => readImport(workspace, importId),
  });
  return <Asked query={query}>{(found) => <Shown found={found} />}</Asked>;
}

function Shown({ found }: { found: Import }) {
  const said = useWords(words);
  const time = useTimes();
  const [address, change] = useAddress();
  const step = stepOf(found, address["step"]);
  useTop(`${found.state} ${step}`);
  const open: readonly Step[] = found.state === "checked" ? ["package", "mapping", "plan"] : [];
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={found.package_name}>
        <StateTag of={found} />
      </PageTitle>
      <Typography.Text type="secondary">{said.begun(found.created_by, time(found.created_at))}</Typography.Text>
      <ImportSteps at={step} isWrong={isOver(found)} open={open} go={(next) => change({ step: next })} />
      <StepPage found={found} step={step} />
    </Flex>
  );
}

/** The step that is shown: as the address says where there is a choice. */
export function stepOf(found: Pick<Import, "state" | "check">, asked: string | undefined): Step {
  if (found.state === "applied") return "receipt";
  if (found.state !== "checked") return found.state === "applying" ? "plan" : "mapping";
  if (asked === "package" || asked === "mapping" || asked === "plan") return asked;
  const { block = 0, hold = 0 } = found.check?.findings ?? {};
  return block + hold > 0 ? "mapping" : "plan";
}

function isOver(found: Import): boolean {
  return ["refused", "failed", "cancelled", "discarded"].includes(found.state);
}

function StepPage({ found, step }: { found: Import; step: Step }) {
  const queries = useQueryClient();
  const { name: workspace } = useWorkspace();
  const [seen, setSeen] = useState("");
  const follow = (): void => {
    if (seen === found.revision) return;
    setSeen(found.revision);
    void queries.invalidateQueries({ queryKey: keys.all(workspace) });
  };
  if (found.state === "checking" || found.state === "applying") {
    return (
      <Card>
        <TaskProgress key={found.task_id} taskId={found.task_id} onEnd={follow} />
      </Card>
    );
  }
  if (isOver(found)) return <Over found={found} />;
  if (step === "receipt") return <Receipt receiptId={found.receipt_id ?? found.task_id} />;
  if (step === "package") return <ChangeOptions found={found} />;
  if (step === "plan") return <Plan found={found} />;
  return <Mapping found={found} />;
}

function Over({ found }: { found: Import }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const isWrong = found.state === "refused" || found.state === "failed";
  return (
    <Alert
      type={isWrong ? "error" : "info"}
      showIcon
      title={<Marked text={found.message || said.over} />}
      description={
        <Flex vertical gap="small" align="start">
          {found.hint && <Typography.Text><Marked text={found.hint} /></Typography.Text>}
          {isWrong && found.message && <Typography.Text type="secondary">{said.over}</Typography.Text>}
          <Link to="/w/$workspace/imports/new" params={{ workspace }}>
            <Button tabIndex={-1}>{said.again}</Button>
          </Link>
        </Flex>
      }
    />
  );
}
