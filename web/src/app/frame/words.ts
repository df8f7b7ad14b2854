import type { EasyData } from "@/shared/session/workspace";
import type { Words } from "@/shared/words/words";

const en = {
  home: "Home",
  workspace: "Workspace",
  menu: "Menu",
  help: "Help for this page",
  account: "Account",
  signOut: "Sign out",
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    home: "首页",
    workspace: "工作空间",
    menu: "菜单",
    help: "本页帮助",
    account: "账号",
    signOut: "退出登录",
    system: "跟随系统",
    light: "浅色",
    dark: "深色",
  },
};

/** What the EasyData manual calls otherwise. */
export const easydata: EasyData<typeof en> = { en: { workspace: "Project" }, zh: { workspace: "项目" } };
