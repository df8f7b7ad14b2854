import { Form, Input, Select } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { INVENTORY_KINDS, type InventoryKind } from "@/shared/objects/inventory";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { easydata, words } from "./words";

const ROWS = 4;

interface Props {
  kind: InventoryKind;
  done: (told: string) => void;
  close: () => void;
}

/** Adds things of one kind, all or none. */
export function AddDialog({ kind: first, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const [kind, choose] = useState(first);
  const [typed, type] = useState("");
  const [localId, setLocalId] = useState("");
  const things = typed.split("\n").map((line) => line.trim()).filter(Boolean);
  const items = things.map((name) => ({ kind, name, local_id: things.length === 1 ? localId.trim() : "" }));
  return (
    <ActDialog
      title={said.addTitle}
      ok={said.add}
      isReady={items.length > 0}
      act={() => answer(api.POST("/api/workspaces/{workspace}/inventory", { params: { path: { workspace } }, body: { items } }))}
      done={({ added }) => done(said.added(added))}
      close={close}
      command={`jobferry inventory add ${kind} ${things.map(quoted).join(" ")} -w ${quoted(workspace)}`}
    >
      <Form layout="vertical">
        <Form.Item label={said.kind}>
          <Select aria-label={said.kind} value={kind} options={INVENTORY_KINDS.map((value) => ({ value, label: names[value] }))} onChange={choose} />
        </Form.Item>
        <Form.Item label={said.names} extra={said.namesText}>
          <Input.TextArea autoFocus aria-label={said.names} rows={ROWS} value={typed} onChange={({ target }) => type(target.value)} />
        </Form.Item>
        {things.length === 1 && (
          <Form.Item label={said.localId}>
            <Input aria-label={said.localId} value={localId} onChange={({ target }) => setLocalId(target.value)} />
          </Form.Item>
        )}
      </Form>
    </ActDialog>
  );
}
