import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

/** The id of what was found; the field names it as what it controls. */
export const LIST = "finder-results";

const en = {
  find: "Find",
  findAll: "Find a page, job, script, resource, import, receipt",
  results: "Found",
  recent: "Opened last",
  pages: "Pages",
  job: "Jobs",
  script: "Scripts",
  resource: "Resources",
  cdm: "CDM definitions",
  imports: "Imports",
  receipts: "Receipts",
  help: "Help",
  workspaces: "Workspaces",
  none: "Nothing is called so.",
  incomplete: "Not everything could be looked through.",
  keys: "↑ ↓ to choose, Enter to open, Esc to close",
  inside: (workspace: string) => `in ${workspace}`,
};

export const words: Words<typeof en> = {
  en,
  zh: {
    find: "查找",
    findAll: "查找页面、作业、脚本、资源、导入、回执",
    results: "查找结果",
    recent: "最近打开",
    pages: "页面",
    job: "作业",
    script: "脚本",
    resource: "资源",
    cdm: "CDM 作业",
    imports: "导入",
    receipts: "回执",
    help: "帮助",
    workspaces: "工作空间",
    none: "没有这样的名称。",
    incomplete: "部分内容未能查找。",
    keys: "↑ ↓ 选择，Enter 打开，Esc 关闭",
    inside: (workspace) => `位于 ${workspace}`,
  },
};

/** What the EasyData manual calls otherwise. */
export const easydata: EasyData<typeof en> = {
  en: { findAll: "Find a page, task, script, resource, import, receipt", job: "Tasks", workspaces: "Projects" },
  zh: { findAll: "查找页面、任务、脚本、资源、导入、回执", job: "任务", workspaces: "项目" },
};
