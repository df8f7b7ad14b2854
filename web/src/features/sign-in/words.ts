import type { Words } from "@/shared/words/words";

const en = {
  title: "Sign in to Jobferry",
  again: "Your session has ended",
  againText: "Sign in again to go on where you were. Nothing on this page is lost.",
  name: "User name",
  password: "Password",
  signIn: "Sign in",
  byProvider: "Sign in with your organization",
  signingIn: "Signing you in",
  signInAgain: "Back to sign-in",
  refused: "Your organization's sign-in did not let you in",
  missing: "Required",
  welcome: "Choose your password",
  welcomeText: "You will sign in with it from now on. Use 12 characters or more.",
  twice: "Repeat the password",
  differ: "The two passwords differ",
  choose: "Set password and sign in",
  noLink: "This address lacks the link's secret part. Copy the whole link that jobferry serve printed.",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: "登录 Jobferry",
    again: "会话已结束",
    againText: "请重新登录，从刚才的位置继续。本页内容不会丢失。",
    name: "用户名",
    password: "密码",
    signIn: "登录",
    byProvider: "使用组织账号登录",
    signingIn: "正在登录",
    signInAgain: "返回登录页",
    refused: "组织的登录服务未允许登录",
    missing: "必填",
    welcome: "设置密码",
    welcomeText: "以后将使用该密码登录。请至少使用 12 个字符。",
    twice: "再次输入密码",
    differ: "两次输入的密码不一致",
    choose: "设置密码并登录",
    noLink: "地址缺少链接的密钥部分。请复制 jobferry serve 显示的完整链接。",
  },
};
