import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button, Card, Checkbox, Flex, Typography } from "antd";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { LongName } from "@/shared/look/LongName";
import { PageTitle } from "@/shared/look/PageTitle";
import { Marked } from "@/shared/look/Marked";
import { VERDICTS, VerdictTag, type Verdict } from "@/shared/look/Verdict";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import type { Task } from "@/shared/tasks/api";
import { TaskProgress } from "@/shared/tasks/TaskProgress";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import type { Schemas } from "@/shared/api/client";
import { CountFilter } from "../CountFilter";
import { readUndo, readUndoSteps, undo, type ReceiptHead } from "./api";
import { easydata, words } from "./words";

type UndoPlan = Schemas["UndoAnswer"];
type Step = Schemas["StepAnswer"];

/** What taking an import back would do, and then the way to do it. The address holds choice and task. */
export function Undo({ receipt, isPage }: { receipt: ReceiptHead; isPage: boolean }) {
  const said = useManualWords(words, easydata);
  const [address] = useAddress();
  const rest = address["rest"] === "1";
  const query = useQuery({ queryKey: ["undo", receipt.id, rest], queryFn: () => readUndo(receipt.id, rest), staleTime: 0 });
  const task = address["task"];
  return (
    <Flex vertical gap={space.medium}>
      {isPage && <PageTitle text={said.undoTitle(receipt.package_name)} />}
      <Typography.Title level={2} style={{ margin: 0 }}>
        {said.undoPlan}
      </Typography.Title>
      {task ? (
        <Undoing taskId={task} />
      ) : (
        <Asked query={query}>{(plan) => <Shown receipt={receipt} plan={plan} rest={rest} />}</Asked>
      )}
    </Flex>
  );
}

/** Goes to the undo's receipt when it is there. */
function Undoing({ taskId }: { taskId: string }) {
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const go = useNavigate();
  const [, change] = useAddress();
  const follow = (task: Task): void => {
    void queries.invalidateQueries({ predicate: ({ queryKey: [what] }) => what !== "undo" && what !== "task" });
    if (task.receipt_id === null) change({ task: "" });
    else void go({ to: "/w/$workspace/receipts/$receiptId", params: { workspace, receiptId: task.receipt_id } });
  };
  return (
    <Card>
      <TaskProgress taskId={taskId} onEnd={follow} />
    </Card>
  );
}

function Shown({ receipt, plan, rest }: { receipt: ReceiptHead; plan: UndoPlan; rest: boolean }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [, change] = useAddress();
  const undoing = useMutation({
    mutationFn: () => undo(receipt.id, rest, plan.plan_digest),
    onSuccess: (task) => change({ task }),
  });
  return (
    <>
      <Typography.Text>{said.undoText}</Typography.Text>
      {plan.refused && <Alert type="warning" showIcon title={said.refused} />}
      {(plan.refused || rest) && (
        <Checkbox checked={rest} onChange={(event) => change({ rest: event.target.checked ? "1" : "", page: "" })}>
          {said.rest}
        </Checkbox>
      )}
      <Steps receiptId={receipt.id} plan={plan} rest={rest} />
      {undoing.isError && <Failure error={undoing.error} />}
      <Flex gap="small" wrap>
        <Button type="primary" danger disabled={plan.refused} loading={undoing.isPending} onClick={() => undoing.mutate()}>
          {said.confirm}
        </Button>
        <Button onClick={() => change({ undo: "", rest: "", page: "", verdict: "" })}>{said.back}</Button>
      </Flex>
      <Command text={`jobferry undo ${receipt.id} -w ${quoted(workspace)}${rest ? " --rest" : ""}`} />
    </>
  );
}

function Steps({ receiptId, plan, rest }: { receiptId: string; plan: UndoPlan; rest: boolean }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const [address, change] = useAddress();
  const verdict = VERDICTS.find((one) => one === address["verdict"]);
  const asked = { rest, plan_digest: plan.plan_digest, ...(verdict ? { verdict } : {}) };
  return (
    <>
      <CountFilter<Verdict>
        order={VERDICTS}
        counts={plan.counts}
        chosen={verdict}
        choose={(next) => change({ verdict: next ?? "", page: "" })}
      />
      <PagedTable<Step & { said: string[] }>
        asked={["undo", receiptId, "steps", asked]}
        read={async (page) => {
          const found = await readUndoSteps(receiptId, asked, page);
          const messages = new Map(found.findings.map((finding) => [finding.number, finding.message]));
          const items = found.items.map((step) => ({ ...step, said: step.reasons.map((one) => messages.get(one.finding) ?? "") }));
          return { total: found.total, items };
        }}
        rowKey={(step) => `${step.kind}/${step.name}`}
        empty={said.nothing}
        columns={[
          { title: said.outcome, key: "verdict", width: width.tag, render: (_, step) => <VerdictTag of={step.verdict} /> },
          { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Step["kind"]) => kinds[kind] },
          {
            title: said.object,
            key: "name",
            render: (_, step) => (
              <Flex vertical>
                <LongName name={step.name} />
                <Typography.Text type="secondary"><Marked text={[step.note, ...step.said].filter(Boolean).join(" · ")} /></Typography.Text>
              </Flex>
            ),
          },
        ]}
      />
    </>
  );
}
