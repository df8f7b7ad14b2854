import { useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Tabs, Tag, Typography, type TableProps } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { roleWords } from "@/shared/people/roles";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { readPolicies, type Policy, type PolicyKind } from "./policies";
import { PolicyDialog } from "./PolicyDialog";
import { easydata, words } from "./words";

interface Open {
  act: "edit" | "remove";
  policy: Policy | null;
}

/** Who may work in which directories, and who may take packages out of the workspace. */
export function PoliciesPage() {
  const said = useManualWords(words, easydata);
  const [address, change] = useAddress();
  const kind: PolicyKind = address["tab"] === "download" ? "download" : "directory";
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.policies} />
      <Tabs
        activeKey={kind}
        onChange={(tab) => change({ tab: tab === "directory" ? "" : tab, page: "" })}
        destroyOnHidden
        items={[
          { key: "directory", label: said.directoryPolicies, children: <Policies kind="directory" /> },
          { key: "download", label: said.downloadPolicies, children: <Policies kind="download" /> },
        ]}
      />
    </Flex>
  );
}

function Policies({ kind }: { kind: PolicyKind }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const mayEdit = useMay("member-edit");
  const columns = useColumns(kind, setOpen);
  return (
    <Flex vertical gap="middle" align="stretch">
      <Typography.Text type="secondary">{kind === "directory" ? said.directoryText : said.downloadText}</Typography.Text>
      {mayEdit ? (
        <span>
          <Button type="primary" onClick={() => setOpen({ act: "edit", policy: null })}>
            {said.addPolicy}
          </Button>
        </span>
      ) : (
        <Typography.Text type="secondary">{said.read}</Typography.Text>
      )}
      <PagedTable<Policy>
        asked={["policies", workspace, kind]}
        read={(page) => readPolicies(workspace, kind, page)}
        columns={columns}
        rowKey={({ name }) => name}
        empty={kind === "directory" ? said.noDirectoryPolicies : said.noDownloadPolicies}
      />
      <Command text={`jobferry ${kind === "directory" ? "policy" : "download-policy"} list -w ${quoted(workspace)}`} />
      {open && (
        <PolicyDialog
          kind={kind}
          act={open.act}
          policy={open.policy}
          close={() => setOpen(null)}
          done={() => {
            setOpen(null);
            void queries.invalidateQueries({ queryKey: ["policies", workspace, kind] });
          }}
        />
      )}
    </Flex>
  );
}

function useColumns(kind: PolicyKind, open: (open: Open) => void): NonNullable<TableProps<Policy>["columns"]> {
  const said = useManualWords(words, easydata);
  const roles = useWords(roleWords);
  const mayEdit = useMay("member-edit");
  const directories = {
    title: said.directories,
    key: "directories",
    render: (_: unknown, policy: Policy) => (
      <Flex vertical>
        {policy.directories.map((path) => (
          <span key={path} className="beside">
            {path}
          </span>
        ))}
      </Flex>
    ),
  };
  return [
    { title: said.name, dataIndex: "name", className: "beside" },
    ...(kind === "directory" ? [directories] : []),
    {
      title: said.users,
      key: "users",
      ...(kind === "directory" ? { responsive: ["sm"] as const } : {}),
      render: (_, policy) => [...policy.users, ...policy.roles.map((role) => roles[role])].map((who) => <Tag key={who}>{who}</Tag>),
    },
    {
      key: "acts",
      width: width.acts,
      render: (_, policy) =>
        mayEdit && (
          <Flex gap="small" wrap>
            <Button size="small" aria-label={said.editOne(policy.name)} onClick={() => open({ act: "edit", policy })}>
              {said.edit}
            </Button>
            <Button size="small" type="text" danger onClick={() => open({ act: "remove", policy })}>
              {said.remove}
            </Button>
          </Flex>
        ),
    },
  ];
}
