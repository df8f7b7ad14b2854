import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  development: "Development",
  developJob: "Develop Job",
  developScript: "Develop Script",
  resources: "Resources",
  cdm: "CDM",
  changes: "Changes",
  downloadCenter: "Download Center",
  imports: "Imports",
  reviews: "Reviews and Releases",
  connections: "Data Connections",
  inventory: "Inventory",
  variables: "Variables",
  configuration: "Configuration",
  platform: "Platform",
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
    changes: "变更管理",
    downloadCenter: "下载中心",
    imports: "导入",
    reviews: "审批与发布",
    connections: "数据连接",
    inventory: "平台清单",
    variables: "环境变量",
    configuration: "配置",
    platform: "平台",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydataLabels: EasyData<typeof en> = {
  en: { development: "Offline development", developJob: "Task development" },
  zh: { development: "离线开发", developJob: "任务开发" },
};
