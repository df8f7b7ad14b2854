import { Flex, Typography } from "antd";
import { useEffect, type ReactNode } from "react";

/** A page's heading, with its acts beside it; the window's title says the same. */
export function PageTitle({ text, children }: { text: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${text} · Jobferry`;
  }, [text]);
  return (
    <Flex justify="space-between" align="center" gap="small" wrap>
      <Typography.Title level={1} className="beside" style={{ margin: 0 }}>
        {text}
      </Typography.Title>
      {children}
    </Flex>
  );
}
