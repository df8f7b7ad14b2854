import { Badge, type BadgeProps } from "antd";

import type { Schemas } from "@/shared/api/client";
import { useWords, type Words } from "@/shared/words/words";

export type ImportState = Schemas["ImportState"];

const LOOKS: Record<ImportState, NonNullable<BadgeProps["status"]>> = {
  checking: "processing",
  checked: "warning",
  refused: "error",
  applying: "processing",
  applied: "success",
  failed: "error",
  cancelled: "default",
  discarded: "default",
};

export const STATES = Object.keys(LOOKS) as ImportState[];

const en: Record<ImportState | "undone", string> = {
  checking: "being checked",
  checked: "waits for you to decide",
  refused: "refused",
  applying: "being imported",
  applied: "imported",
  failed: "failed, nothing changed",
  cancelled: "cancelled",
  discarded: "discarded",
  undone: "undone",
};

export const stateWords: Words<typeof en> = {
  en,
  zh: {
    checking: "检查中",
    checked: "待确认",
    refused: "已拒绝",
    applying: "导入中",
    applied: "已导入",
    failed: "失败，未做任何更改",
    cancelled: "已取消",
    discarded: "已放弃",
    undone: "已撤销",
  },
};

/** How far an import is; one that was taken back is not called imported. */
export function StateTag({ of: { state, undone_by } }: { of: Pick<Schemas["ImportHead"], "state" | "undone_by"> }) {
  const said = useWords(stateWords);
  return undone_by === null ? <Badge status={LOOKS[state]} text={said[state]} /> : <Badge status="default" text={said.undone} />;
}
