import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

/** What the values of settings are called; a value that is a name or number stands for itself. */
const en = {
  true: "Yes",
  false: "No",
  factory: "DataArts Factory",
  easydata: "EasyData",
  strict: "Strict",
  skip: "Skip",
  overwrite: "Overwrite",
  fail: "Fail",
  copy: "Keep both: a copy with a new name",
  "uid-then-name": "By identity, then by name",
  name: "By name",
  package: "As in the package",
  chosen: "Chosen with each import",
  block: "Block the object",
  hold: "Import it held",
  warn: "Warn",
  job: "Leave that object out",
  saved: "Saved",
  submitted: "Submitted",
  production: "Production",
  soft: "Soft",
  hard: "Hard",
  allowed: "Other workspaces can depend on jobs here",
  refused: "Other workspaces cannot depend on jobs here",
  all: "All who may export",
  administrators: "Owner and administrators only",
  none: "None",
  simple: "Simple",
  enterprise: "Enterprise",
  off: "Off",
  "as the profile": "as the profile",
};

/** Values that mean something else in one setting. */
const elsewhere = {
  "outcome.package": "Import nothing of the package",
  "outcome.job": "Leave out what fails",
  "review.all": "All jobs and scripts",
  "review.named": "Those with these names or patterns",
  "download.none": "Nobody",
  "target_edited.overwrite": "Overwrite and warn",
};

const both = { ...en, ...elsewhere };

export type Value = keyof typeof both;

export const settingValues: Words<Record<Value, string>> = {
  en: both,
  zh: {
    true: "是",
    false: "否",
    factory: "DataArts Factory",
    easydata: "EasyData",
    strict: "严格",
    skip: "跳过",
    overwrite: "覆盖",
    fail: "报错",
    copy: "保留两者：以新名称创建副本",
    "uid-then-name": "先按标识，再按名称",
    name: "按名称",
    package: "与包中一致",
    chosen: "每次导入时指定",
    block: "阻止该对象",
    hold: "导入并挂起",
    warn: "警告",
    job: "不导入该对象",
    saved: "保存",
    submitted: "提交",
    production: "提交生产",
    soft: "软锁",
    hard: "硬锁",
    allowed: "其他工作空间可以依赖本空间作业",
    refused: "其他工作空间不可以依赖本空间作业",
    all: "所有可导出的成员",
    administrators: "仅所有者和管理员",
    none: "未设置",
    simple: "简单模式",
    enterprise: "企业模式",
    off: "关闭",
    "as the profile": "与预设一致",
    "outcome.package": "整个包都不导入",
    "outcome.job": "只排除失败的对象",
    "review.all": "全部作业和脚本",
    "review.named": "指定名称或模式",
    "download.none": "任何人都不可以",
    "target_edited.overwrite": "覆盖并警告",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydataValues: EasyData<Record<Value, string>> = {
  en: {
    allowed: "Other projects can depend on tasks here",
    refused: "Other projects cannot depend on tasks here",
    "review.all": "All tasks and scripts",
  },
  zh: { allowed: "其他项目可以依赖本项目的任务", refused: "其他项目不可以依赖本项目的任务", "review.all": "全部任务和脚本" },
};

/** The name of a value in one setting: the one that is meant there, the common one, or the value itself. */
export function nameOf(said: Record<string, string>, key: string, value: string): string {
  return said[`${key}.${value}`] ?? said[value] ?? value;
}
