import type { Words } from "@/shared/words/words";

const fields = {
  clusterName: "Cluster",
  ip: "IP address",
  port: "Port",
  userName: "User name",
  password: "Password",
  sslEnable: "SSL",
  kmsKey: "KMS key",
  agentName: "Agent",
  connectionMethod: "Connection method",
  driverName: "Driver",
  driverPath: "Driver path",
};

export type Field = keyof typeof fields;

const en = {
  ...fields,
  create: "Create connection",
  edit: "Edit connection",
  save: "Save",
  name: "Name",
  nameText: "1 to 100 letters, digits, hyphens and underscores.",
  type: "Type",
  description: "Description",
  kept: "Leave it empty to keep what is stored",
  secretText: "Stored encrypted, never shown again, and never part of a package.",
  address: "A cluster, or IP address and port.",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    clusterName: "集群",
    ip: "IP 地址",
    port: "端口",
    userName: "用户名",
    password: "密码",
    sslEnable: "SSL",
    kmsKey: "KMS 密钥",
    agentName: "代理",
    connectionMethod: "连接方式",
    driverName: "驱动",
    driverPath: "驱动路径",
    create: "新建数据连接",
    edit: "编辑数据连接",
    save: "保存",
    name: "名称",
    nameText: "1 到 100 个字母、数字、连字符或下划线。",
    type: "类型",
    description: "描述",
    kept: "留空则保留已存储的值",
    secretText: "加密存储，不再显示，也不会进入任何包。",
    address: "填写集群，或 IP 地址和端口。",
  },
};
