import type { Schemas } from "@/shared/api/client";
import type { Words } from "@/shared/words/words";

type Outcome = Schemas["ObjectOutcome"];

const outcomes: Record<Outcome, string> = {
  created: "created",
  overwritten: "overwritten",
  held: "held",
  restored: "restored",
  removed: "removed",
  deleted: "deleted",
  unchanged: "unchanged",
  skipped: "skipped",
  blocked: "blocked",
};

const en = {
  ...outcomes,
  duplicates: "Duplicate Name Policy",
  skip: "Skip those that are here",
  overwrite: "Overwrite those that are here",
  fail: "Import nothing if one is here",
  check: "Check",
  import: "Import",
  wouldBe: "Nothing is imported yet. This would become of each:",
  refused: "Nothing can be imported as it is:",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    created: "新建",
    overwritten: "覆盖",
    held: "挂起",
    restored: "恢复",
    removed: "移除",
    deleted: "删除",
    unchanged: "未变更",
    skipped: "跳过",
    blocked: "受阻",
    duplicates: "重名处理策略",
    skip: "跳过已有的",
    overwrite: "覆盖已有的",
    fail: "有重名则不导入",
    check: "检查",
    import: "导入",
    wouldBe: "尚未导入。导入后的结果：",
    refused: "目前无法导入：",
  },
};
