import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge, Button } from "antd";

import { space } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { NOTICES, readNotices } from "./api";
import { words } from "./words";

const EVERY_MS = 30_000;

/** How many notices the reader has not read, and the way to them. */
export function Bell() {
  const said = useWords(words);
  const { data } = useQuery({
    queryKey: [...NOTICES, "unread"],
    queryFn: () => readNotices({ unread: true, limit: 1 }),
    refetchInterval: EVERY_MS,
  });
  const label = said.unread(data?.total ?? 0);
  return (
    <Link to="/notices" aria-label={label} title={label}>
      <Badge count={data?.total ?? 0} size="small" overflowCount={99} offset={[-space.small, space.small]}>
        <Button type="text" icon={<BellOutlined aria-hidden />} tabIndex={-1} aria-hidden />
      </Badge>
    </Link>
  );
}
