import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  development: "Development",
  developJob: "Develop Job",
  developScript: "Develop Script",
  resources: "Resources",
  cdm: "CDM",
  assetBackups: "Manage Backup",
  batchExport: "Batch export tasks",
  batchImport: "Import batch task package",
  changes: "Changes",
  downloadCenter: "Download Center",
  imports: "Imports",
  reviews: "Reviews and Releases",
  connections: "Data Connections",
  inventory: "Inventory",
  variables: "Variables",
  configuration: "Configuration",
  defaults: "Default Configuration",
  tags: "Job Tags",
  members: "Members",
  policies: "Policies",
  audit: "Audit",
  platform: "Platform",
  workspaces: "Workspaces",
  users: "Users",
  access: "My access",
  settings: "Settings",
  about: "About",
};

/** Names of sections and pages as the service has them. */
export const labels: Words<typeof en> = {
  en,
  zh: {
    development: "数据开发",
    developJob: "作业开发",
    developScript: "脚本开发",
    resources: "资源管理",
    cdm: "CDM 作业",
    assetBackups: "备份管理",
    batchExport: "批量导出任务",
    batchImport: "导入批量任务包",
    changes: "作业/脚本变更管理",
    downloadCenter: "下载中心",
    imports: "导入",
    reviews: "审批与发布",
    connections: "数据连接",
    inventory: "平台清单",
    variables: "环境变量",
    configuration: "配置",
    defaults: "默认配置项",
    tags: "作业标签",
    members: "成员管理",
    policies: "权限策略",
    audit: "审计",
    platform: "平台",
    workspaces: "工作空间",
    users: "用户",
    access: "我的凭证",
    settings: "平台设置",
    about: "关于",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydataLabels: EasyData<typeof en> = {
  en: { development: "Offline development", developJob: "Task development", tags: "Task tags", workspaces: "Projects" },
  zh: { development: "离线开发", developJob: "任务开发", changes: "任务/脚本变更管理", tags: "任务标签", workspaces: "项目" },
};
