import type { Schemas } from "@/shared/api/client";
import type { Words } from "@/shared/words/words";

export type Role = Schemas["Role"];

/** Roles that a member of a workspace can be given. */
export const MEMBER_ROLES: readonly Role[] = ["administrator", "developer", "deployer", "operator", "viewer"];

const en: Record<Role, string> = {
  owner: "owner",
  administrator: "administrator",
  developer: "developer",
  deployer: "deployer",
  operator: "operator",
  viewer: "viewer",
  operations: "operations",
};

/** What roles are called. */
export const roleWords: Words<Record<Role, string>> = {
  en,
  zh: {
    owner: "所有者",
    administrator: "管理员",
    developer: "开发者",
    deployer: "部署者",
    operator: "运维者",
    viewer: "访客",
    operations: "平台运维",
  },
};
