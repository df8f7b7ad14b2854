import { useQuery } from "@tanstack/react-query";
import { AutoComplete } from "antd";

import { answer, api } from "@/shared/api/client";
import { useMe } from "@/shared/session/session";

const SUGGESTED = 20;

interface Props {
  label: string;
  value: string;
  change: (name: string) => void;
}

/** A user's name: typed, and suggested to those who may list users. */
export function UserField({ label, value, change }: Props) {
  const mayList = useMe().actions.includes("user-edit");
  const { data } = useQuery({
    queryKey: ["users", "suggested", value],
    queryFn: () => answer(api.GET("/api/users", { params: { query: { name: value, disabled: false, limit: SUGGESTED } } })),
    enabled: mayList,
  });
  const options = (data?.items ?? []).map(({ name }) => ({ value: name }));
  return <AutoComplete autoFocus aria-label={label} value={value} options={options} onChange={change} style={{ width: "100%" }} />;
}
