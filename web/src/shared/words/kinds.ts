import type { Schemas } from "@/shared/api/client";
import type { EasyData } from "@/shared/session/workspace";

import type { Words } from "./words";

type Kind = Schemas["NeedKind"];

const en: Record<Kind, string> = {
  job: "job",
  script: "script",
  resource: "resource",
  cdm: "CDM definition",
  connection: "data connection",
  workspace: "workspace",
  queue: "queue",
  agent: "agent",
  cluster: "cluster",
  "resource-group": "resource group",
  stream: "stream",
  graph: "graph",
  "quality-monitor": "quality monitor",
  "sync-task": "synchronization task",
  "roma-instance": "ROMA instance",
  "tics-instance": "TICS instance",
  "drs-task": "DRS task",
  user: "user",
  variable: "environment variable",
  database: "database",
  topic: "topic",
  url: "URL",
  path: "path",
};

/** What things of each kind are called. */
export const kindWords: Words<Record<Kind, string>> = {
  en,
  zh: {
    job: "作业",
    script: "脚本",
    resource: "资源",
    cdm: "CDM 作业",
    connection: "数据连接",
    workspace: "工作空间",
    queue: "队列",
    agent: "代理",
    cluster: "集群",
    "resource-group": "资源组",
    stream: "通道",
    graph: "图",
    "quality-monitor": "质量监控",
    "sync-task": "离线同步任务",
    "roma-instance": "ROMA 实例",
    "tics-instance": "TICS 实例",
    "drs-task": "DRS 任务",
    user: "用户",
    variable: "环境变量",
    database: "数据库",
    topic: "主题",
    url: "URL",
    path: "路径",
  },
};

export const easydataKinds: EasyData<Record<Kind, string>> = {
  en: { job: "task", workspace: "project" },
  zh: { job: "任务", workspace: "项目" },
};
