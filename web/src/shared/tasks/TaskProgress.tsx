import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Progress, Typography } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { Failure } from "@/shared/look/Failure";
import { useManualWords, type EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

import type { Task } from "./api";
import { useTask } from "./useTask";

type Phase = Schemas["TaskPhase"];
const PHASES: Phase[] = ["received", "read", "checked", "planned", "staged", "applied"];
const CHECKING: Phase[] = PHASES.slice(0, 4);
const UNDOING: Phase[] = ["planned", "applied"];
const BACKING_UP: Phase[] = ["selected", "packed"];
const WHOLE = 100;

const en = {
  received: "Package received",
  read: "Reading the package",
  checked: "Checking it against this workspace",
  planned: "Making the plan",
  staged: "Storing new texts",
  applied: "Writing everything at once",
  selected: "Selecting",
  packed: "Packing",
  by: (name: string) => `Begun by ${name}`,
  counted: (done: number, total: number) => `${done.toLocaleString()} of ${total.toLocaleString()}`,
  cancel: "Cancel",
  cancelText: "Cancelling leaves everything as it was.",
  leave: "You can leave this page; it goes on.",
};
const words: Words<typeof en> = {
  en,
  zh: {
    received: "已收到包",
    read: "正在读取包",
    checked: "正在对照本工作空间检查",
    planned: "正在生成导入计划",
    staged: "正在保存新内容",
    applied: "正在一次性写入",
    selected: "正在选择",
    packed: "正在打包",
    by: (name) => `由 ${name} 发起`,
    counted: (done, total) => `${done.toLocaleString()} / ${total.toLocaleString()}`,
    cancel: "取消",
    cancelText: "取消后一切保持原样。",
    leave: "可以离开本页，任务会继续进行。",
  },
};
const easydata: EasyData<typeof en> = {
  en: { checked: "Checking it against this project" },
  zh: { checked: "正在对照本项目检查" },
};

interface Props {
  taskId: string;
  onEnd: (task: Task) => void;
}

/** How far a check, an import, an undo or an asset backup is, phase by phase, and the way to end it early. */
export function TaskProgress({ taskId, onEnd }: Props) {
  const query = useTask(taskId, onEnd);
  return <Asked query={query}>{(task) => <Phases task={task} />}</Asked>;
}

function Phases({ task }: { task: Task }) {
  const said = useManualWords(words, easydata);
  const cancelling = useMutation({
    mutationFn: () => answer(api.POST("/api/tasks/{task_id}/cancel", { params: { path: { task_id: task.id } } })),
  });
  return (
    <Flex vertical gap="small" align="start" aria-live="polite">
      <Typography.Text strong>{said[task.phase]}</Typography.Text>
      <Progress percent={percentOf(task)} status="active" showInfo={false} aria-label={said[task.phase]} />
      <Typography.Text type="secondary">
        {task.total > 0 && `${said.counted(task.done, task.total)} · `}
        {said.by(task.created_by)} · {said.leave}
      </Typography.Text>
      {cancelling.isError && <Failure error={cancelling.error} />}
      <Flex gap="small" align="center" wrap>
        <Button onClick={() => cancelling.mutate()} loading={cancelling.isPending}>
          {said.cancel}
        </Button>
        <Typography.Text type="secondary">{said.cancelText}</Typography.Text>
      </Flex>
    </Flex>
  );
}

const OF_KIND: Partial<Record<Task["kind"], Phase[]>> = { check: CHECKING, undo: UNDOING, "asset-backup": BACKING_UP };

/** How much of a task is done: each of its phases counts the same. */
export function percentOf(task: Pick<Task, "kind" | "phase" | "done" | "total">): number {
  const phases = OF_KIND[task.kind] ?? PHASES;
  const before = Math.max(phases.indexOf(task.phase), 0);
  const inside = task.total > 0 ? Math.min(task.done / task.total, 1) : 0;
  return Math.round((WHOLE * (before + inside)) / phases.length);
}
