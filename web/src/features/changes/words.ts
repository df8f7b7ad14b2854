import type { Schemas } from "@/shared/api/client";
import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

type ChangeKind = Schemas["ChangeKind"];

const kinds: Record<ChangeKind, string> = {
  added: "added",
  changed: "changed",
  renamed: "renamed",
  moved: "moved",
  submitted: "submitted",
  deleted: "deleted",
};

const en = {
  ...kinds,
  title: "Job/Script Change Management",
  since: (time: string) => `Every change since ${time} is recorded.`,
  off: "Job/Script Change Management is off",
  offText: "Nothing is recorded, and the workspace cannot be exported by its changes. The owner can switch it on in Default Configuration.",
  exportWorkspace: "Export Workspace Job",
  exportChosen: (count: number) => (count === 0 ? "Export selected" : `Export selected (${count.toLocaleString()})`),
  clearChosen: "Clear selection",
  search: "Name, former name or directory",
  allKinds: "All kinds",
  allChanges: "All changes",
  kind: "Kind",
  change: "Change",
  object: "Object",
  place: "Directory",
  by: "User",
  time: "Time",
  from: "From",
  until: "Until",
  live: "live version",
  liveText: "With this change another version went live, or the live one went away.",
  none: "Nothing has changed since recording began.",
  noneText: "Additions, changes, renames, moves, submits and deletions appear here.",
  noneFit: "No change fits these filters.",
  select: (name: string) => `Select ${name}`,
  only: "Jobs and scripts can be selected; resources and CDM definitions leave with what uses them, deletions with a workspace export.",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    added: "新增",
    changed: "修改",
    renamed: "重命名",
    moved: "移动",
    submitted: "提交",
    deleted: "删除",
    title: "作业/脚本变更管理",
    since: (time) => `自 ${time} 起的所有变更均已记录。`,
    off: "作业/脚本变更管理未开启",
    offText: "当前不记录变更，也不能按变更导出工作空间。所有者可在默认配置项中开启。",
    exportWorkspace: "工作空间导出",
    exportChosen: (count) => (count === 0 ? "导出所选" : `导出所选（${count.toLocaleString()}）`),
    clearChosen: "清除选择",
    search: "名称、原名称或目录",
    allKinds: "全部类型",
    allChanges: "全部变更",
    kind: "类型",
    change: "变更",
    object: "对象",
    place: "目录",
    by: "操作人",
    time: "时间",
    from: "开始时间",
    until: "结束时间",
    live: "线上版本",
    liveText: "该变更使线上版本更新或消失。",
    none: "开启记录以来没有任何变更。",
    noneText: "新增、修改、重命名、移动、提交和删除会显示在这里。",
    noneFit: "没有符合条件的变更。",
    select: (name) => `选择 ${name}`,
    only: "可选择作业和脚本；资源和 CDM 作业随引用它们的对象导出，删除记录随工作空间导出。",
  },
};

export const easydata: EasyData<typeof en> = {
  en: {
    title: "Task/script change management",
    exportWorkspace: "Export project",
    offText: "Nothing is recorded, and the project cannot be exported by its changes. The owner can switch it on in Default Configuration.",
    only: "Tasks and scripts can be selected; resources and CDM definitions leave with what uses them, deletions with a project export.",
  },
  zh: {
    title: "任务/脚本变更管理",
    exportWorkspace: "项目导出",
    off: "任务/脚本变更管理未开启",
    offText: "当前不记录变更，也不能按变更导出项目。负责人可在默认配置项中开启。",
    only: "可选择任务和脚本；资源和 CDM 作业随引用它们的对象导出，删除记录随项目导出。",
  },
};
