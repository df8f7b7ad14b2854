import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  direct: "Direct",
  connected: "Connected",
  all: "All",
  live: "By live versions",
  missing: "missing",
  alone: "Nothing comes before it or after it.",
  leftOut: (count: number) => (count === 1 ? "1 more is not shown" : `${count.toLocaleString()} more are not shown`),
  leftAt: (count: number, hop: number, direction: string) => `${count.toLocaleString()} ${direction}, ${hop === 1 ? "1 step" : `${hop} steps`} away`,
  up: "before it",
  down: "after it",
  both: "around it",
  graphOf: (name: string) => `Lineage of ${name}`,
};

export const words: Words<typeof en> = {
  en,
  zh: {
    direct: "直接关系",
    connected: "关联关系",
    all: "全部",
    live: "按线上版本",
    missing: "缺失",
    alone: "没有上游和下游。",
    leftOut: (count) => `另有 ${count.toLocaleString()} 个未显示`,
    leftAt: (count, hop, direction) => `${direction}第 ${hop} 层 ${count.toLocaleString()} 个`,
    up: "上游",
    down: "下游",
    both: "上下游",
    graphOf: (name) => `${name} 的血缘`,
  },
};

export const easydata: EasyData<typeof en> = { en: {}, zh: {} };
