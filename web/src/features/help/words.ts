import type { Words } from "@/shared/words/words";

const en = {
  title: "Help",
  titled: (page: string) => `Help: ${page}`,
  howto: "To do something",
  reference: "To look something up",
  explain: "To understand",
  pages: "Pages of the documentation",
  onlyEnglish: "",
  missing: "There is no such page of the documentation.",
  first: "See all pages",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: "帮助",
    titled: (page) => `帮助：${page}`,
    howto: "操作指南",
    reference: "参考",
    explain: "原理",
    pages: "文档目录",
    onlyEnglish: "该页面目前只有英文版。",
    missing: "文档中没有该页面。",
    first: "查看全部页面",
  },
};
