import { useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { PagedTable } from "@/shared/table/PagedTable";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { NewTokenDialog } from "./NewTokenDialog";
import { Secret } from "./Secret";
import { words } from "./words";

type Token = Schemas["TokenAnswer"];
type Open = { act: "create" } | { act: "shown"; made: Schemas["NewTokenAnswer"] } | { act: "revoke"; name: string };

/** Somebody's tokens, without what is secret: how far each goes, until when, and when it was used last. */
export function Tokens({ user }: { user: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const { name: me } = useMe();
  const [open, setOpen] = useState<Open | null>(null);
  const whose = user === me ? "" : ` --user ${quoted(user)}`;
  const close = (): void => setOpen(null);
  const changed = (): void => void queries.invalidateQueries({ queryKey: ["users", user, "tokens"] });
  return (
    <Card size="small" title={said.tokens} extra={<Button onClick={() => setOpen({ act: "create" })}>{said.newToken}</Button>}>
      <Flex vertical gap="small">
        <Typography.Text type="secondary">{said.tokensText}</Typography.Text>
        <PagedTable<Token>
          asked={["users", user, "tokens"]}
          read={(query) => answer(api.GET("/api/users/{user}/tokens", { params: { path: { user }, query } }))}
          columns={useColumns((name) => setOpen({ act: "revoke", name }))}
          rowKey={({ id }) => id}
          empty={said.noTokens}
          pageKey="tokens"
        />
      </Flex>
      {open?.act === "create" && (
        <NewTokenDialog
          user={user}
          whose={whose}
          close={close}
          done={(made) => {
            setOpen({ act: "shown", made });
            changed();
          }}
        />
      )}
      {open?.act === "shown" && <Secret title={open.made.name} secrets={{ [said.token]: open.made.token }} isFileGone={open.made.credentials_file_removed} close={close} />}
      {open?.act === "revoke" && (
        <ActDialog
          title={said.revokeTitle(open.name)}
          ok={said.revoke}
          isDangerous
          act={() => api.DELETE("/api/users/{user}/tokens/{name}", { params: { path: { user, name: open.name } } })}
          done={() => {
            close();
            changed();
          }}
          close={close}
          command={`jobferry token delete ${quoted(open.name)}${whose}`}
        >
          {said.revokeText}
        </ActDialog>
      )}
    </Card>
  );
}

function useColumns(revoke: (name: string) => void): NonNullable<TableProps<Token>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  return [
    { title: said.tokenName, dataIndex: "name", className: "beside" },
    {
      title: said.scope,
      key: "scope",
      responsive: ["md"],
      render: (_, token) => (
        <Flex vertical>
          <span>{token.read_only ? said.looking : said.everything}</span>
          {token.workspaces.length > 0 && <Typography.Text type="secondary">{said.within(token.workspaces.length)}</Typography.Text>}
        </Flex>
      ),
    },
    { title: said.expires, dataIndex: "expires_at", width: width.time, responsive: ["sm"], render: (at: number) => (at > 0 ? time(at) : said.never) },
    { title: said.used, dataIndex: "used_at", width: width.time, responsive: ["lg"], render: (at: number) => (at > 0 ? time(at) : said.never) },
    {
      key: "acts",
      width: width.count,
      render: (_, { name }) => (
        <Button size="small" type="text" danger onClick={() => revoke(name)}>
          {said.revoke}
        </Button>
      ),
    },
  ];
}
