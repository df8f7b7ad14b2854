import { Checkbox, Flex, Form, Typography } from "antd";
import { useState } from "react";

import { api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { MEMBER_ROLES, roleWords, type Role } from "@/shared/people/roles";
import { UserField } from "@/shared/people/UserField";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { easydata, words } from "./words";

export type MemberAct = "add" | "edit" | "remove" | "transfer";

interface Props {
  act: MemberAct;
  member: Schemas["MemberAnswer"] | null;
  done: () => void;
  close: () => void;
}

/** Adds a member, gives one other roles, makes one the owner, or takes one out. */
export function MemberDialog({ act, member, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [user, setUser] = useState(member?.user ?? "");
  const [roles, setRoles] = useState<Role[]>(member?.roles ?? ["developer"]);
  const title = { add: said.addMember, edit: said.editMember(user), remove: said.removeMember(user), transfer: said.transferTo(user) }[act];
  const ok = { add: said.add, edit: said.save, remove: said.remove, transfer: said.transfer }[act];
  const isSaving = act === "add" || act === "edit";
  const verb = act === "edit" ? "add" : act;
  return (
    <ActDialog
      title={title}
      ok={ok}
      isDangerous={act === "remove"}
      isReady={user.trim() !== "" && (!isSaving || roles.length > 0)}
      act={() => carryOut(workspace, act, user.trim(), roles)}
      done={done}
      close={close}
      command={["jobferry member", verb, quoted(user), ...(isSaving ? roles : []), `-w ${quoted(workspace)}`].join(" ")}
    >
      {act === "add" && (
        <Form layout="vertical">
          <Form.Item label={said.user} extra={said.userText}>
            <UserField label={said.user} value={user} change={setUser} />
          </Form.Item>
        </Form>
      )}
      {isSaving ? <Roles held={roles} change={setRoles} /> : <Typography.Text>{act === "remove" ? said.removeMemberText : said.transferText}</Typography.Text>}
    </ActDialog>
  );
}

function Roles({ held, change }: { held: Role[]; change: (roles: Role[]) => void }) {
  const said = useManualWords(words, easydata);
  const names = useWords(roleWords);
  return (
    <Checkbox.Group value={held} onChange={change} aria-label={said.roles}>
      <Flex vertical gap="small">
        {MEMBER_ROLES.map((role) => (
          <Checkbox key={role} value={role}>
            {names[role]} <Typography.Text type="secondary">{said[`${role}Text` as "viewerText"]}</Typography.Text>
          </Checkbox>
        ))}
      </Flex>
    </Checkbox.Group>
  );
}

function carryOut(workspace: string, act: MemberAct, user: string, roles: Role[]): Promise<unknown> {
  const params = { path: { workspace, user } };
  if (act === "remove") return api.DELETE("/api/workspaces/{workspace}/members/{user}", { params });
  if (act === "transfer") return api.PUT("/api/workspaces/{workspace}/owner", { params: { path: { workspace } }, body: { user } });
  return api.PUT("/api/workspaces/{workspace}/members/{user}", { params, body: { roles } });
}
