import type { Words } from "@/shared/words/words";

const en = {
  home: "Home",
  platform: "Platform",
  about: "About",
  workspace: "Workspace",
  menu: "Menu",
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
    platform: "平台",
    about: "关于",
    workspace: "工作空间",
    menu: "菜单",
    account: "账号",
    signOut: "退出登录",
    system: "跟随系统",
    light: "浅色",
    dark: "深色",
  },
};
