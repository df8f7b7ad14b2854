import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { useMe } from "@/shared/session/session";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords, type Words } from "@/shared/words/words";

import { DECIDING } from "./approval";

const MOST = 1000;

const en = {
  label: "Approvers",
  nobody: "Nobody else here may approve. Ask an administrator for another member.",
};
const words: Words<typeof en> = {
  en,
  zh: { label: "审批人", nobody: "此处没有其他人可以审批，请联系管理员添加成员。" },
};

interface Props {
  id?: string;
  kind?: Schemas["ReviewKind"];
  value?: readonly string[];
  onChange?: (approvers: string[]) => void;
}

/** Who is asked to approve: members who may, never oneself. */
export function ApproverSelect({ id, kind = "review", value = [], onChange }: Props) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const me = useMe();
  const { data, isPending } = useQuery({
    queryKey: ["members", workspace],
    queryFn: () => answer(api.GET("/api/workspaces/{workspace}/members", { params: { path: { workspace }, query: { limit: MOST } } })),
  });
  const names = (data?.items ?? [])
    .filter((member) => member.user !== me.name && member.roles.some((role) => DECIDING[kind].has(role)))
    .map((member) => member.user);
  return (
    <Select<string[]>
      {...(id ? { id } : {})}
      mode="multiple"
      aria-label={said.label}
      loading={isPending}
      value={[...value]}
      options={names.map((name) => ({ value: name, label: name }))}
      notFoundContent={said.nobody}
      {...(onChange ? { onChange } : {})}
    />
  );
}
