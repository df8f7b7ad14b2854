import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  title: (name: string) => `Hello, ${name}`,
  none: "You are in no workspace yet",
  noneText: "Ask its owner or an administrator to add you.",
  first: "Nothing is here yet: begin with a package",
  firstText:
    "Export jobs on the platform where they are now, carry the file here, and import it. You see what it would do before anything is written.",
  importJob: "Import a package",
  makeJob: "Make a job",
  running: (holder: string) => `${holder} is importing`,
  look: "Look at it",
  waits: (count: number) => (count === 1 ? "1 import waits for a decision" : `${count} imports wait for a decision`),
  decide: "Decide",
  reviews: (count: number) => (count === 1 ? "1 review waits for you" : `${count} reviews wait for you`),
  held: (count: number) => (count === 1 ? "1 job is held: something it needs is missing" : `${count} jobs are held: something they need is missing`),
  calm: "Nothing waits for you here.",
  last: "Last receipts",
  undo: "undo",
  undone: "undone",
  by: (name: string, time: string) => `${name}, ${time}`,
  imports: "Imports",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: (name) => `您好，${name}`,
    none: "您尚未加入任何工作空间",
    noneText: "请联系工作空间的所有者或管理员。",
    first: "这里还没有内容，请从导入一个包开始",
    firstText: "在作业所在的平台导出，将文件带到这里导入。写入之前，您可以先看到全部影响。",
    importJob: "导入包",
    makeJob: "新建作业",
    running: (holder) => `${holder} 正在导入`,
    look: "查看",
    waits: (count) => `${count} 个导入待确认`,
    decide: "去确认",
    reviews: (count) => `${count} 个审批待处理`,
    held: (count) => `${count} 个作业被挂起：缺少所引用的内容`,
    calm: "这里没有待办事项。",
    last: "最近的回执",
    undo: "撤销",
    undone: "已撤销",
    by: (name, time) => `${name}，${time}`,
    imports: "导入",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydata: EasyData<typeof en> = {
  en: {
    firstText:
      "Export tasks on the platform where they are now, carry the file here, and import it. You see what it would do before anything is written.",
    makeJob: "Make a task",
    held: (count) => (count === 1 ? "1 task is held: something it needs is missing" : `${count} tasks are held: something they need is missing`),
  },
  zh: {
    firstText: "在任务所在的平台导出，将文件带到这里导入。写入之前，您可以先看到全部影响。",
    makeJob: "新建任务",
    held: (count) => `${count} 个任务被挂起：缺少所引用的内容`,
  },
};
