import { Badge, Tag, type BadgeProps } from "antd";

import type { Schemas } from "@/shared/api/client";
import { useLook } from "@/shared/look/theme";
import { plan } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useWords, type Words } from "@/shared/words/words";
import { useListed } from "@/shared/words/lists";

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

/** What an object is held by: kind and name of each missing thing, in the reader's words. */
export function useMissing(held: readonly string[]): string {
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const listed = useListed();
  return listed(
    held.map((missing) => {
      const [kind = "", ...name] = missing.split(" ");
      return [kinds[kind] ?? kind, ...name].join(" ");
    }),
  );
}

/** That a job waits for something that is missing here; which, is its title. */
export function Held({ what }: { what: string[] }) {
  const said = useWords(schedulingWords);
  const missing = useMissing(what);
  const { shade } = useLook();
  if (what.length === 0) return null;
  return (
    <Tag title={missing} style={{ color: plan[shade].held }}>
      {said.held}
    </Tag>
  );
}
