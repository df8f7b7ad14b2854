import { Badge, type BadgeProps } from "antd";

import type { Schemas } from "@/shared/api/client";
import { useManualWords } from "@/shared/session/workspace";

import { easydata, words } from "./words";

type State = Schemas["ReviewState"];

const LOOKS: Record<State, NonNullable<BadgeProps["status"]>> = { pending: "processing", approved: "success", rejected: "error", withdrawn: "default" };

export const STATES = Object.keys(LOOKS) as State[];

/** Whether it was decided, and how. */
export function StateTag({ state }: { state: State }) {
  return <Badge status={LOOKS[state]} text={useManualWords(words, easydata)[state]} />;
}
