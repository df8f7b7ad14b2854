import type { Words } from "@/shared/words/words";

const en = {
  title: "Notices",
  unread: (count: number) => (count === 0 ? "Notices" : count === 1 ? "Notices: 1 unread" : `Notices: ${count.toLocaleString()} unread`),
  which: "Which notices",
  onlyUnread: "Unread",
  all: "All",
  notice: "Notice",
  at: "At",
  look: "Look at it",
  mark: "Mark as read",
  markAll: "Mark all as read",
  none: "No notice yet",
  noneText: "What you began in the background, reviews and lost locks are told here.",
  noneFit: "You have read everything.",
  showAll: "Show all",
  isNew: "New",
};

export const words: Words<typeof en> = {
  en,
  zh: {
    title: "通知",
    unread: (count) => (count === 0 ? "通知" : `通知：${count.toLocaleString()} 条未读`),
    which: "显示哪些通知",
    onlyUnread: "未读",
    all: "全部",
    notice: "通知",
    at: "时间",
    look: "查看",
    mark: "标为已读",
    markAll: "全部标为已读",
    none: "还没有通知",
    noneText: "后台任务的结果、审批和失去的锁会在这里通知您。",
    noneFit: "没有未读通知。",
    showAll: "显示全部",
    isNew: "新",
  },
};
