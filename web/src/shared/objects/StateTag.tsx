import { Badge, Tag, type BadgeProps } from "antd";

import type { Schemas } from "@/shared/api/client";
import { useWords, type Words } from "@/shared/words/words";

export type SchedulingState = Schemas["SchedulingState"];

const LOOKS: Record<SchedulingState, NonNullable<BadgeProps["status"]>> = {
  STOPPED: "default",
  SCHEDULING: "success",
  PAUSED: "warning",
  STARTING: "processing",
  NORMAL: "success",
  EXCEPTION: "error",
  STOPPING: "processing",
};

export const SCHEDULING_STATES = Object.keys(LOOKS) as SchedulingState[];

const en: Record<SchedulingState | "held", string> = {
  STOPPED: "stopped",
  SCHEDULING: "scheduling",
  PAUSED: "paused",
  STARTING: "starting",
  NORMAL: "running",
  EXCEPTION: "failing",
  STOPPING: "stopping",
  held: "held",
};

export const schedulingWords: Words<Record<SchedulingState | "held", string>> = {
  en,
  zh: {
    STOPPED: "已停止",
    SCHEDULING: "调度中",
    PAUSED: "已暂停",
    STARTING: "启动中",
    NORMAL: "运行中",
    EXCEPTION: "异常",
    STOPPING: "停止中",
    held: "挂起",
  },
};

/** What the scheduler does with a job. */
export function JobState({ state }: { state: SchedulingState }) {
  return <Badge status={LOOKS[state]} text={useWords(schedulingWords)[state]} />;
}

/** That a job waits for something that is missing here; which, is its title. */
export function Held({ what }: { what: string[] }) {
  const said = useWords(schedulingWords);
  if (what.length === 0) return null;
  return (
    <Tag color="purple" title={what.join(", ")}>
      {said.held}
    </Tag>
  );
}
