import { MoreOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge, Button, Dropdown, Flex, Tag, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { NewUserDialog, UserActDialog, type UserAct } from "./UserDialogs";
import { words } from "./words";

type User = Schemas["UserAnswer"];
const WHICH = ["enabled", "disabled", "operations"] as const;

type Open = "create" | { act: UserAct; user: User };

/** Who can sign in, for operations. */
export function UsersPage() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    void queries.invalidateQueries({ queryKey: ["users"] });
  };
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.users}>
        <Button type="primary" onClick={() => setOpen("create")}>
          {said.add}
        </Button>
      </PageTitle>
      <FilteredTable<User>
        asked={["users"]}
        filters={[
          { key: "name", label: said.search },
          { key: "which", label: said.status, any: said.allUsers, options: WHICH.map((value) => ({ value, label: said[value] })) },
        ]}
        read={({ which, ...query }) => answer(api.GET("/api/users", { params: { query: { ...query, ...filterOf(which) } } }))}
        columns={useColumns(setOpen)}
        rowKey={({ id }) => id}
        said={said}
      />
      <Command text="jobferry user list" />
      {open === "create" && <NewUserDialog close={close} done={done} />}
      {open !== null && open !== "create" && <UserActDialog act={open.act} user={open.user} close={close} done={done} />}
    </Flex>
  );
}

function filterOf(which: unknown): { operations?: true; disabled?: boolean } {
  if (which === "operations") return { operations: true };
  return which === "enabled" || which === "disabled" ? { disabled: which === "disabled" } : {};
}

function useColumns(open: (open: Open) => void): NonNullable<TableProps<User>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  const acts = (user: User) => [
    { key: "reset", label: said.reset },
    user.operations ? { key: "take", label: said.take } : { key: "give", label: said.give },
    user.disabled ? { key: "enable", label: said.enable } : { key: "disable", label: said.disable, danger: true },
  ];
  return [
    {
      title: said.name,
      key: "name",
      render: (_, { name, operations, password }) => (
        <Flex gap="small" wrap align="center">
          <Link to="/platform/users/$user" params={{ user: name }} className="beside">
            {name}
          </Link>
          {operations && <Tag>{said.operations}</Tag>}
          {!password && <Tag>{said.noPassword}</Tag>}
        </Flex>
      ),
    },
    {
      title: said.status,
      dataIndex: "disabled",
      width: width.state,
      render: (isOff: boolean) => <Badge status={isOff ? "default" : "success"} text={isOff ? said.disabled : said.enabled} />,
    },
    { title: said.made, dataIndex: "created_at", width: width.time, responsive: ["md"], render: time },
    { title: said.lastSignIn, dataIndex: "signed_in_at", width: width.time, responsive: ["lg"], render: (at: number) => (at ? time(at) : "–") },
    {
      key: "acts",
      width: width.count,
      render: (_, user) => (
        <Dropdown trigger={["click"]} menu={{ items: acts(user), onClick: ({ key }) => open({ act: key as UserAct, user }) }}>
          <Button size="small" type="text" icon={<MoreOutlined />} aria-label={said.more(user.name)} />
        </Dropdown>
      ),
    },
  ];
}
