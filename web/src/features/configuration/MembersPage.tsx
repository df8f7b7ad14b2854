import { MoreOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown, Flex, Input, Select, Tag, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { MEMBER_ROLES, roleWords, type Role } from "@/shared/people/roles";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { MemberDialog, type MemberAct } from "./MemberDialog";
import { easydata, words } from "./words";

type Member = Schemas["MemberAnswer"];
interface Open {
  act: MemberAct;
  member: Member | null;
}

const ROLES: readonly Role[] = ["owner", ...MEMBER_ROLES];

/** Who belongs to the workspace, and in which roles. */
export function MembersPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [address] = useAddress();
  const [open, setOpen] = useState<Open | null>(null);
  const mayEdit = useMay("member-edit");
  const close = (): void => setOpen(null);
  const filters = { ...(address["name"] ? { name: address["name"] } : {}), ...(address["role"] ? { role: address["role"] as Role } : {}) };
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.members}>
        {mayEdit && (
          <Button type="primary" onClick={() => setOpen({ act: "add", member: null })}>
            {said.addMember}
          </Button>
        )}
      </PageTitle>
      <Filters />
      <PagedTable<Member>
        asked={["members", workspace, filters]}
        read={(page) => answer(api.GET("/api/workspaces/{workspace}/members", { params: { path: { workspace }, query: { ...filters, ...page } } }))}
        columns={useColumns(setOpen)}
        rowKey={({ user }) => user}
        empty={said.noMembers}
      />
      <RoleMeanings />
      <Command text={`jobferry member list -w ${quoted(workspace)}`} />
      {open && (
        <MemberDialog
          act={open.act}
          member={open.member}
          close={close}
          done={() => {
            close();
            void queries.invalidateQueries({ queryKey: ["members", workspace] });
            void queries.invalidateQueries({ queryKey: ["me"] });
          }}
        />
      )}
    </Flex>
  );
}

function Filters() {
  const said = useManualWords(words, easydata);
  const roles = useWords(roleWords);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        allowClear
        aria-label={said.searchMembers}
        placeholder={said.searchMembers}
        defaultValue={address["name"]}
        onSearch={(name) => change({ name, page: "" })}
        style={{ maxWidth: width.form }}
      />
      <Select
        aria-label={said.roles}
        value={address["role"] ?? ""}
        options={[{ value: "", label: said.allRoles }, ...ROLES.map((value) => ({ value, label: roles[value] }))]}
        onChange={(role) => change({ role, page: "" })}
        popupMatchSelectWidth={false}
      />
    </Flex>
  );
}

/** What each role may do, in a line. */
function RoleMeanings() {
  const said = useManualWords(words, easydata);
  const roles = useWords(roleWords);
  return (
    <Flex vertical>
      {(["owner", ...MEMBER_ROLES] as const).map((role) => (
        <Typography.Text key={role} type="secondary">
          <strong>{roles[role]}</strong> {said[`${role}Text` as "viewerText"]}
        </Typography.Text>
      ))}
    </Flex>
  );
}

function useColumns(open: (open: Open) => void): NonNullable<TableProps<Member>["columns"]> {
  const said = useManualWords(words, easydata);
  const roles = useWords(roleWords);
  const mayEdit = useMay("member-edit");
  const mayTransfer = useMay("owner-edit");
  const acts = [
    ...(mayTransfer ? [{ key: "transfer", label: said.transfer }] : []),
    { key: "remove", label: said.remove, danger: true },
  ];
  return [
    { title: said.user, dataIndex: "user", className: "beside" },
    { title: said.roles, dataIndex: "roles", render: (held: Role[]) => held.map((role) => <Tag key={role}>{roles[role]}</Tag>) },
    {
      key: "acts",
      width: width.tag,
      render: (_, member) =>
        mayEdit &&
        !member.roles.includes("owner") && (
          <Flex gap="small">
            <Button size="small" aria-label={said.editOne(member.user)} onClick={() => open({ act: "edit", member })}>
              {said.edit}
            </Button>
            <Dropdown trigger={["click"]} menu={{ items: acts, onClick: ({ key }) => open({ act: key as MemberAct, member }) }}>
              <Button size="small" type="text" icon={<MoreOutlined />} aria-label={said.more(member.user)} />
            </Dropdown>
          </Flex>
        ),
    },
  ];
}
