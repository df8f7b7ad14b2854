import { Button, Flex, Typography, Upload } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { readThings } from "./csv";
import { easydata, words } from "./words";

interface Chosen {
  name: string;
  items: Schemas["InventoryThing"][] | null;
}

/** Adds everything that a file names, or nothing. */
export function LoadDialog({ done, close }: { done: (told: string) => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [chosen, choose] = useState<Chosen | null>(null);
  const items = chosen?.items ?? [];
  return (
    <ActDialog
      title={said.loadTitle}
      ok={said.add}
      isReady={items.length > 0}
      act={() => answer(api.POST("/api/workspaces/{workspace}/inventory", { params: { path: { workspace } }, body: { items } }))}
      done={({ added }) => done(said.added(added))}
      close={close}
      command={`jobferry inventory load ${quoted(chosen?.name ?? "inventory.csv")} -w ${quoted(workspace)}`}
    >
      <Typography.Text type="secondary">{said.fileText}</Typography.Text>
      <Flex vertical gap="small" align="start">
        <Upload
          accept=".csv,text/csv"
          maxCount={1}
          beforeUpload={(file) => {
            void file.text().then((text) => choose({ name: file.name, items: readThings(text) }));
            return false;
          }}
          onRemove={() => choose(null)}
        >
          <Button>{said.choose}</Button>
        </Upload>
        {chosen && (chosen.items === null ? <Typography.Text type="danger">{said.noColumns}</Typography.Text> : <span>{said.lines(items.length)}</span>)}
      </Flex>
    </ActDialog>
  );
}
