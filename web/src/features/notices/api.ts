import { answer, api, type Schemas } from "@/shared/api/client";

export type Notice = Schemas["NoticeAnswer"];

/** Every question about notices begins so. */
export const NOTICES = ["notices"] as const;

/** One page of what the reader was told, the last first. */
export function readNotices(query: { unread?: boolean; offset?: number; limit: number }) {
  return answer(api.GET("/api/notices", { params: { query } }));
}

/** Marks notices as read; none stands for all. */
export function markRead(ids: readonly string[]) {
  return answer(api.POST("/api/notices/read", { body: { ids: [...ids] } }));
}
