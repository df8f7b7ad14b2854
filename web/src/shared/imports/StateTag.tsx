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

const en: Record<ImportState, string> = {
  checking: "being checked",
  checked: "waits for you to decide",
  refused: "refused",
  applying: "being imported",
  applied: "imported",
  failed: "failed, nothing changed",
  cancelled: "cancelled",
  discarded: "discarded",
};

export const stateWords: Words<Record<ImportState, string>> = {
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
  },
};

/** How far an import is. */
export function StateTag({ state }: { state: ImportState }) {
  return <Badge status={LOOKS[state]} text={useWords(stateWords)[state]} />;
}
