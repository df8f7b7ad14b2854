import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

/** What may follow a node that fails, as a document writes it. */
export const FAIL_POLICIES = ["FAIL", "IGNORE", "SUSPEND", "FAIL_CHILD"] as const;

const en = {
  FAIL: "End the job as failed",
  IGNORE: "Go on",
  SUSPEND: "Suspend the job",
  FAIL_CHILD: "Fail those that wait for it",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    FAIL: "终止作业，标为失败",
    IGNORE: "忽略，继续运行",
    SUSPEND: "挂起作业",
    FAIL_CHILD: "等待它的节点标为失败",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydata: EasyData<typeof en> = {
  en: { FAIL: "End the task as failed", SUSPEND: "Suspend the task" },
  zh: { FAIL: "终止任务，标为失败", SUSPEND: "挂起任务" },
};
