import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  title: (name: string) => `Restore ${name}`,
  text: "The backup is checked and planned like every import. Nothing is changed before you have seen the plan.",
  of: "Workspace",
  taken: "Taken",
  holds: "Holds",
  place: "Folder",
  objects: (count: number) => (count === 1 ? "1 object" : `${count.toLocaleString()} objects`),
  names: "Names in the backup",
  namesText: "Each name that the backup uses, with the name that is used here. Those that were edited in backup.json are filled in.",
  noNames: "The backup names no connection, database or cluster.",
  connection: "Data connections",
  database: "Databases",
  cluster: "Clusters",
  here: (name: string) => `${name} is called here`,
  empty: "A name is needed",
  asBefore: "As in the backup",
  only: "There is nothing but environment variables in this backup.",
  variables: "Environment variables",
  variablesText: (count: number) =>
    `${count === 1 ? "1 variable is" : `${count.toLocaleString()} variables are`} in the backup. Variables come last: restore them when the import is over. An undo of the import leaves them as they are.`,
  mayNot: "You may not change environment variables here, so they stay.",
  restoreVariables: "Restore variables",
  noValue: "no value yet",
  restored: "The environment variables were restored.",
  back: "All backups",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: (name) => `恢复 ${name}`,
    text: "备份与其他导入一样先检查、再生成计划。查看计划之前不做任何更改。",
    of: "工作空间",
    taken: "备份时间",
    holds: "内容",
    place: "目录",
    objects: (count) => `${count.toLocaleString()} 个对象`,
    names: "备份中的名称",
    namesText: "备份中的每个名称，以及在此处使用的名称。在 backup.json 中改过的名称已填入。",
    noNames: "备份中没有数据连接、数据库或集群的名称。",
    connection: "数据连接",
    database: "数据库",
    cluster: "集群",
    here: (name) => `${name} 在此处的名称`,
    empty: "请填写名称",
    asBefore: "与备份一致",
    only: "该备份中只有环境变量。",
    variables: "环境变量",
    variablesText: (count) => `备份中有 ${count.toLocaleString()} 个环境变量。请在导入完成后最后恢复；撤销导入不会还原环境变量。`,
    mayNot: "您无权修改此处的环境变量，因此保持不变。",
    restoreVariables: "恢复环境变量",
    noValue: "尚未赋值",
    restored: "环境变量已恢复。",
    back: "全部备份",
  },
};

/** The EasyData manual's nouns. */
export const easydata: EasyData<typeof en> = { en: { of: "Project" }, zh: { of: "项目" } };
