import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button, Descriptions, Flex, Typography } from "antd";
import { useState } from "react";

import { deleteConnection, keys, readConnection, readUses, type Connection } from "@/shared/connections/api";
import { ConnectionDialog } from "@/shared/connections/ConnectionDialog";
import { filledFrom } from "@/shared/connections/document";
import { isSecret } from "@/shared/connections/fields";
import { words as fieldWords } from "@/shared/connections/words";
import { ActDialog } from "@/shared/look/ActDialog";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { Users } from "./Users";
import { easydata, words } from "./words";

/** One connection: what it holds, and who uses it. */
export function ConnectionPage() {
  const said = useManualWords(words, easydata);
  const { name } = useParams({ from: "/signed-in/w/$workspace/connections/$name" });
  const { name: workspace } = useWorkspace();
  const query = useQuery({ queryKey: [...keys.all(workspace), "one", name], queryFn: () => readConnection(workspace, name) });
  const all = (
    <Link to="/w/$workspace/connections" params={{ workspace }}>
      {said.back}
    </Link>
  );
  return (
    <Asked query={query}>
      {(found) =>
        found === null ? (
          <Alert type="warning" showIcon title={said.missing(name)} description={said.missingText} action={all} />
        ) : (
          <Shown connection={found.connection} text={found.text} />
        )
      }
    </Asked>
  );
}

function Shown({ connection, text }: { connection: Connection; text: string }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const close = (): void => setDialog(null);
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={connection.name}>
        {useMay("library-edit") && (
          <Flex gap="small">
            <Button type="primary" onClick={() => setDialog("edit")}>
              {said.edit}
            </Button>
            <Button onClick={() => setDialog("delete")}>{said.delete}</Button>
          </Flex>
        )}
      </PageTitle>
      {connection.incomplete && <Alert type="warning" showIcon title={said.incompleteText} />}
      <Values connection={connection} text={text} />
      <Typography.Title level={2} style={{ margin: 0 }}>
        {said.usedBy}
      </Typography.Title>
      <Users name={connection.name} />
      <Command text={`jobferry uses ${quoted(`connection:${connection.name}`)} -w ${quoted(workspace)}`} />
      {dialog === "edit" && <ConnectionDialog text={text} done={close} close={close} />}
      {dialog === "delete" && <DeleteDialog name={connection.name} close={close} />}
    </Flex>
  );
}

function Values({ connection, text }: { connection: Connection; text: string }) {
  const said = useManualWords(words, easydata);
  const labels: Record<string, string> = useWords(fieldWords);
  const { type, description, config } = filledFrom(text);
  const items = [
    { key: "type", label: said.type, children: type },
    ...Object.entries(config).map(([key, value]) => ({
      key: `config/${key}`,
      label: labels[key] ?? key,
      children: isSecret(key) ? (connection.incomplete ? said.noSecret : said.secret) : value,
    })),
    ...(description ? [{ key: "description", label: said.description, children: description }] : []),
  ];
  return <Descriptions size="small" bordered column={{ xs: 1, md: 2 }} items={items} />;
}

function DeleteDialog({ name, close }: { name: string; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const go = useNavigate();
  const { data } = useQuery({ queryKey: [...keys.all(workspace), "uses", name, "count"], queryFn: () => readUses(workspace, name, { offset: 0, limit: 1 }) });
  const done = async (): Promise<void> => {
    await go({ to: "/w/$workspace/connections", params: { workspace } });
    await queries.invalidateQueries({ queryKey: keys.all(workspace) });
  };
  return (
    <ActDialog
      title={said.deleteTitle(name)}
      ok={said.delete}
      isDangerous
      act={() => deleteConnection(workspace, name)}
      done={() => void done()}
      close={close}
      command={`jobferry connection delete ${quoted(name)} --yes -w ${quoted(workspace)}`}
    >
      <Typography.Text>{said.deleteText}</Typography.Text>
      {data && (data.total > 0 ? <Typography.Text type="warning">{said.users(data.total)}</Typography.Text> : <Typography.Text>{said.unused}</Typography.Text>)}
    </ActDialog>
  );
}
