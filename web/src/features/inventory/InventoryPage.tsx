import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Flex, Tag, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { INVENTORY_KINDS, type InventoryKind } from "@/shared/objects/inventory";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { AcceptDialog } from "./AcceptDialog";
import { AddDialog } from "./AddDialog";
import { LoadDialog } from "./LoadDialog";
import { RemoveDialog } from "./RemoveDialog";
import { easydata, words } from "./words";

type Item = Schemas["InventoryItemAnswer"];
type List = Schemas["InventoryList"];
type Dialog = "add" | "load" | "accept" | Item;

function readInventory(workspace: string, query: Partial<Item> & { offset?: number; limit: number }): Promise<List> {
  return answer(api.GET("/api/workspaces/{workspace}/inventory", { params: { path: { workspace }, query } }));
}

function useAccepted(): List["accepted"] {
  const { name: workspace } = useWorkspace();
  const { data } = useQuery({ queryKey: ["inventory", workspace, "accepted"], queryFn: () => readInventory(workspace, { limit: 1 }) });
  return data?.accepted ?? [];
}

/** What exists here outside Jobferry, by kind and name. */
export function InventoryPage() {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [address] = useAddress();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const accepted = useAccepted();
  const close = (): void => setDialog(null);
  const done = (told = ""): void => {
    close();
    if (told) void message.success(told);
    void queries.invalidateQueries({ queryKey: ["inventory", workspace] });
    void queries.invalidateQueries({ queryKey: ["objects", workspace] });
  };
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title}>{useMay("library-edit") && <Acts open={setDialog} />}</PageTitle>
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <Accepted kinds={accepted} />
      <FilteredTable<Item>
        asked={["inventory", workspace]}
        filters={[
          { key: "name", label: said.search },
          { key: "kind", label: said.kind, any: said.allKinds, options: INVENTORY_KINDS.map((value) => ({ value, label: names[value] })) },
        ]}
        read={(query) => readInventory(workspace, query)}
        columns={useColumns(setDialog)}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        said={said}
      />
      <Command text={`jobferry inventory list -w ${quoted(workspace)}`} />
      {dialog === "add" && <AddDialog kind={(address["kind"] as InventoryKind | undefined) ?? "queue"} close={close} done={done} />}
      {dialog === "load" && <LoadDialog close={close} done={done} />}
      {dialog === "accept" && <AcceptDialog accepted={accepted} close={close} done={done} />}
      {dialog !== null && typeof dialog === "object" && <RemoveDialog item={dialog} close={close} done={done} />}
    </Flex>
  );
}

function Acts({ open }: { open: (dialog: Dialog) => void }) {
  const said = useManualWords(words, easydata);
  return (
    <Flex gap="small" wrap>
      <Button type="primary" onClick={() => open("add")}>
        {said.add}
      </Button>
      <Button onClick={() => open("load")}>{said.load}</Button>
      <Button onClick={() => open("accept")}>{said.accept}</Button>
    </Flex>
  );
}

function Accepted({ kinds }: { kinds: List["accepted"] }) {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  if (kinds.length === 0) return null;
  return (
    <Flex gap="small" wrap align="center">
      <span>{said.accepted}</span>
      {kinds.map((kind) => (
        <Tag key={kind}>{names[kind]}</Tag>
      ))}
    </Flex>
  );
}

function useColumns(open: (dialog: Dialog) => void): NonNullable<TableProps<Item>["columns"]> {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  const mayEdit = useMay("library-edit");
  return [
    { title: said.name, dataIndex: "name", className: "beside" },
    { title: said.kind, dataIndex: "kind", width: width.kind, render: (kind: Item["kind"]) => names[kind] },
    { title: said.localId, dataIndex: "local_id", responsive: ["md"], className: "beside" },
    {
      key: "acts",
      width: width.count,
      render: (_, item) =>
        mayEdit && (
          <Button size="small" type="text" danger onClick={() => open(item)}>
            {said.remove}
          </Button>
        ),
    },
  ];
}
