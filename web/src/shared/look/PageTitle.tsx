import { Flex, Typography } from "antd";
import { useEffect, type ReactNode } from "react";

import { useSession } from "@/shared/session/session";

import { rememberPage } from "./recent";

/** A page's heading, with its acts beside it; the window's title says the same, and so does the list of pages that
 * were opened last. */
export function PageTitle({ text, children }: { text: string; children?: ReactNode }) {
  const user = useSession().me?.id ?? "";
  useEffect(() => {
    document.title = `${text} · Jobferry`;
    if (user !== "") rememberPage(user, { title: text, address: window.location.pathname });
  }, [text, user]);
  return (
    <Flex justify="space-between" align="center" gap="small" wrap>
      <Typography.Title level={1} className="beside" style={{ margin: 0 }}>
        {text}
      </Typography.Title>
      {children}
    </Flex>
  );
}
