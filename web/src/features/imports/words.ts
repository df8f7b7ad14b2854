import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  title: "Imports",
  importJob: "Import Job",
  importWorkspaceJob: "Import Workspace Job",
  none: "Nothing was imported here yet.",
  noneText: "Take a package from another platform, see what it would do, and let it in.",
  noneFit: "No import fits these filters.",
  package: "Package",
  state: "State",
  by: "By",
  who: (name: string, time: string) => `${name}, ${time}`,
  began: "Began",
  with: "With",
  result: "Receipt",
  name: "Package name",
  allStates: "All states",
  running: (holder: string, since: string) => `${holder} has been importing here since ${since}`,
  runningText: "One import runs at a time in a workspace. You can prepare yours meanwhile; it can be applied when this one is over.",
  lookAt: "Look at it",
  factory: "Factory API",
  cli: "command line",
  console: "console",
  api: "API",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: "导入",
    importJob: "导入作业",
    importWorkspaceJob: "工作空间导入",
    none: "这里还没有导入记录。",
    noneText: "选择其他平台导出的包，先查看影响，再确认导入。",
    noneFit: "没有符合条件的导入。",
    package: "包",
    state: "状态",
    by: "操作人",
    who: (name, time) => `${name}，${time}`,
    began: "开始时间",
    with: "方式",
    result: "回执",
    name: "包名称",
    allStates: "全部状态",
    running: (holder, since) => `${holder} 自 ${since} 起正在导入`,
    runningText: "每个工作空间同一时间只能进行一个导入。您可以先做准备，待其结束后再导入。",
    lookAt: "查看",
    factory: "Factory API",
    cli: "命令行",
    console: "控制台",
    api: "API",
  },
};

export const easydata: EasyData<typeof en> = {
  en: {
    importJob: "Import tasks",
    importWorkspaceJob: "Import project tasks",
    runningText: "One import runs at a time in a project. You can prepare yours meanwhile; it can be applied when this one is over.",
  },
  zh: {
    importJob: "导入任务",
    importWorkspaceJob: "导入项目任务",
    runningText: "每个项目同一时间只能进行一个导入。您可以先做准备，待其结束后再导入。",
  },
};
