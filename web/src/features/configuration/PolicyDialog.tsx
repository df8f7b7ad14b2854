import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select, Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { MEMBER_ROLES, roleWords } from "@/shared/people/roles";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { removePolicy, savePolicy, type Policy, type PolicyKind } from "./policies";
import { easydata, words } from "./words";

const SUGGESTED = 1000;
const NEW: Policy = { name: "", directories: [], users: [], roles: [] };

interface Props {
  kind: PolicyKind;
  act: "edit" | "remove";
  policy: Policy | null;
  done: () => void;
  close: () => void;
}

/** Adds a policy, changes one, or takes it away. */
export function PolicyDialog({ kind, act, policy, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [wanted, setWanted] = useState<Policy>(policy ?? NEW);
  const isWhole = wanted.name.trim() !== "" && wanted.users.length + wanted.roles.length > 0 && (kind === "download" || wanted.directories.length > 0);
  const removeText = kind === "directory" ? said.removeDirectoryPolicyText : said.removeDownloadPolicyText;
  return (
    <ActDialog
      title={act === "remove" ? said.removePolicy(wanted.name) : policy === null ? said.addPolicy : said.policyOf(wanted.name)}
      ok={act === "remove" ? said.remove : said.save}
      isDangerous={act === "remove"}
      isReady={act === "remove" || isWhole}
      act={() => (act === "remove" ? removePolicy(workspace, kind, wanted.name) : savePolicy(workspace, kind, { ...wanted, name: wanted.name.trim() }))}
      done={done}
      close={close}
      command={commandOf(kind, act, wanted, workspace)}
    >
      {act === "remove" ? <Typography.Text>{removeText}</Typography.Text> : <Fields kind={kind} isNew={policy === null} wanted={wanted} change={setWanted} />}
    </ActDialog>
  );
}

interface FieldsProps {
  kind: PolicyKind;
  isNew: boolean;
  wanted: Policy;
  change: (wanted: Policy) => void;
}

function Fields({ kind, isNew, wanted, change }: FieldsProps) {
  const said = useManualWords(words, easydata);
  const roles = useWords(roleWords);
  const { name: workspace } = useWorkspace();
  const params = { path: { workspace }, query: { limit: SUGGESTED } };
  const members = useQuery({ queryKey: ["members", workspace, "all"], queryFn: () => answer(api.GET("/api/workspaces/{workspace}/members", { params })) });
  const users = (members.data?.items ?? []).map(({ user }) => ({ value: user }));
  return (
    <Form layout="vertical">
      {isNew && (
        <Form.Item label={said.name}>
          <Input autoFocus aria-label={said.name} value={wanted.name} onChange={({ target }) => change({ ...wanted, name: target.value })} />
        </Form.Item>
      )}
      {kind === "directory" && (
        <Form.Item label={said.directories} extra={said.directoriesText}>
          <Select mode="tags" open={false} suffix={null} aria-label={said.directories} value={wanted.directories} onChange={(directories) => change({ ...wanted, directories })} />
        </Form.Item>
      )}
      <Form.Item label={said.users}>
        <Select mode="tags" aria-label={said.users} value={wanted.users} options={users} onChange={(named) => change({ ...wanted, users: named })} />
      </Form.Item>
      <Form.Item label={said.roles}>
        <Select
          mode="multiple"
          aria-label={said.roles}
          value={wanted.roles}
          options={MEMBER_ROLES.map((role) => ({ value: role, label: roles[role] }))}
          onChange={(chosen) => change({ ...wanted, roles: chosen })}
        />
      </Form.Item>
    </Form>
  );
}

function commandOf(kind: PolicyKind, act: "edit" | "remove", { name, directories, users, roles }: Policy, workspace: string): string {
  const group = kind === "directory" ? "policy" : "download-policy";
  const more = [
    ...directories.map((path) => `--directory ${quoted(path)}`),
    ...users.map((user) => `--user ${quoted(user)}`),
    ...roles.map((role) => `--role ${role}`),
  ];
  const words = act === "remove" ? ["delete", quoted(name)] : ["set", quoted(name), ...more];
  return ["jobferry", group, ...words, "-w", quoted(workspace)].join(" ");
}
