import type { Words } from "@/shared/words/words";

const en = {
  changed: (count: number) => (count === 1 ? "1 node changes" : `${count.toLocaleString()} nodes change`),
  next: "Next change",
  beside: "Side by side",
  below: "Full width",
  placed: "How the graphs stand",
  same: "The nodes stay as they are.",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    changed: (count) => `${count.toLocaleString()} 个节点有变化`,
    next: "下一处变化",
    beside: "左右并排",
    below: "整行宽度",
    placed: "图的排列方式",
    same: "节点保持不变。",
  },
};
