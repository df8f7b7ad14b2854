import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { Badge, Button } from "antd";
import { useEffect } from "react";

import { space } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { NOTICES, readNotices } from "./api";
import { words } from "./words";

/** How many notices the reader has not read, and the way to them.
 *
 * Asked again with each page, not by the clock: that would keep a session alive which nobody uses.
 */
export function Bell() {
  const said = useWords(words);
  const page = useRouterState({ select: ({ location }) => location.pathname });
  const { data, refetch } = useQuery({ queryKey: [...NOTICES, "unread"], queryFn: () => readNotices({ unread: true, limit: 1 }) });
  useEffect(() => void refetch(), [page, refetch]);
  const label = said.unread(data?.total ?? 0);
  return (
    <Link to="/notices" aria-label={label} title={label}>
      <Badge count={data?.total ?? 0} size="small" overflowCount={99} offset={[-space.small, space.small]}>
        <Button type="text" icon={<BellOutlined aria-hidden />} tabIndex={-1} aria-hidden />
      </Badge>
    </Link>
  );
}
