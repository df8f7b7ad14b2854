import { MoreOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Card, Dropdown, Flex, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { PagedTable } from "@/shared/table/PagedTable";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { KeyDialog, type KeyAct } from "./KeyDialog";
import { Secret } from "./Secret";
import { words } from "./words";

type Key = Schemas["KeyAnswer"];
type Open = { act: KeyAct; accessKey: string } | { act: "shown"; made: Schemas["NewKeyAnswer"] };

/** Somebody's pairs of access key and secret key, without the secret ones. */
export function Keys({ user }: { user: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const { name: me } = useMe();
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const done = (made: Schemas["NewKeyAnswer"] | null): void => {
    if (made) setOpen({ act: "shown", made });
    else close();
    void queries.invalidateQueries({ queryKey: ["users", user, "keys"] });
  };
  return (
    <Card size="small" title={said.keys} extra={<Button onClick={() => setOpen({ act: "create", accessKey: "" })}>{said.newKey}</Button>}>
      <Flex vertical gap="small">
        <Typography.Text type="secondary">{said.keysText}</Typography.Text>
        <PagedTable<Key>
          asked={["users", user, "keys"]}
          read={(query) => answer(api.GET("/api/users/{user}/keys", { params: { path: { user }, query } }))}
          columns={useColumns(setOpen)}
          rowKey={({ access_key }) => access_key}
          empty={said.noKeys}
          pageKey="keys"
        />
      </Flex>
      {open?.act === "shown" && (
        <Secret
          title={said.newKey}
          secrets={{ [said.accessKey]: open.made.access_key, [said.secretKey]: open.made.secret_key }}
          isFileGone={open.made.credentials_file_removed}
          close={close}
        />
      )}
      {open && open.act !== "shown" && (
        <KeyDialog act={open.act} user={user} accessKey={open.accessKey} whose={user === me ? "" : ` --user ${quoted(user)}`} done={done} close={close} />
      )}
    </Card>
  );
}

function useColumns(open: (open: Open) => void): NonNullable<TableProps<Key>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  const acts = ({ disabled }: Key) => [
    ...(disabled ? [] : [{ key: "rotate", label: said.rotate }, { key: "disable", label: said.disable }]),
    { key: "remove", label: said.remove, danger: true },
  ];
  return [
    { title: said.accessKey, dataIndex: "access_key", render: (key: string) => <code className="beside">{key}</code> },
    {
      title: said.status,
      key: "status",
      width: width.state,
      render: (_, { disabled, expires_at }) => (
        <Flex vertical>
          <Badge status={disabled ? "default" : "success"} text={disabled ? said.disabled : said.enabled} />
          {expires_at > 0 && <Typography.Text type="secondary">{said.keyUntil(time(expires_at))}</Typography.Text>}
        </Flex>
      ),
    },
    { title: said.made, dataIndex: "created_at", width: width.time, responsive: ["md"], render: time },
    { title: said.used, dataIndex: "used_at", width: width.time, responsive: ["lg"], render: (at: number) => (at > 0 ? time(at) : said.never) },
    {
      key: "acts",
      width: width.count,
      render: (_, key) => (
        <Dropdown trigger={["click"]} menu={{ items: acts(key), onClick: ({ key: act }) => open({ act: act as KeyAct, accessKey: key.access_key }) }}>
          <Button size="small" type="text" icon={<MoreOutlined />} aria-label={said.more(key.access_key)} />
        </Dropdown>
      ),
    },
  ];
}
