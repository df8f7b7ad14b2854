import { Typography } from "antd";
import type { ReactNode } from "react";

/** What a table without rows says, in a colour that can be read: Ant Design's own is too faint. */
export function EmptyText({ children }: { children: ReactNode }) {
  return <Typography.Text type="secondary">{children}</Typography.Text>;
}
