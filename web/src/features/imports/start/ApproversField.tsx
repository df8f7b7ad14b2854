import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { useMe } from "@/shared/session/session";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

const MOST = 1000;
const DECIDING: ReadonlySet<Schemas["Role"]> = new Set<Schemas["Role"]>(["owner", "administrator"]);

/** Who is asked to approve what the import submits; never who imports. */
export function ApproversField({ isNeeded }: { isNeeded: boolean }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const me = useMe();
  const { data, isPending } = useQuery({
    queryKey: ["members", workspace],
    queryFn: () =>
      answer(api.GET("/api/workspaces/{workspace}/members", { params: { path: { workspace }, query: { limit: MOST } } })),
  });
  const names = (data?.items ?? [])
    .filter((member) => member.user !== me.name && member.roles.some((role) => DECIDING.has(role)))
    .map((member) => member.user);
  return (
    <Form.Item
      name="approvers"
      label={said.approvers}
      extra={said.approversText}
      rules={[{ required: isNeeded, message: said.missing }]}
    >
      <Select mode="multiple" loading={isPending} options={names.map((name) => ({ value: name, label: name }))} notFoundContent={said.nobody} />
    </Form.Item>
  );
}
