import { Form, Input, Typography } from "antd";
import { useState } from "react";

import { api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

export type TagAct = "create" | "lock" | "unlock" | "delete";

interface Props {
  act: TagAct;
  name: string;
  done: () => void;
  close: () => void;
}

/** Makes a tag, locks or unlocks it, or takes it away. */
export function TagDialog({ act, name, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [typed, type] = useState(name);
  const title = { create: said.makeTag, lock: said.lockTag(name), unlock: said.unlockTag(name), delete: said.deleteTag(name) }[act];
  const ok = { create: said.make, lock: said.lock, unlock: said.unlock, delete: said.delete }[act];
  return (
    <ActDialog
      title={title}
      ok={ok}
      isDangerous={act === "delete"}
      isReady={typed.trim() !== ""}
      act={() => carryOut(workspace, act, typed.trim())}
      done={done}
      close={close}
      command={`jobferry tag ${act} ${quoted(typed)} -w ${quoted(workspace)}`}
    >
      {act === "create" ? (
        <Form layout="vertical">
          <Form.Item label={said.name}>
            <Input autoFocus aria-label={said.name} value={typed} onChange={({ target }) => type(target.value)} />
          </Form.Item>
        </Form>
      ) : (
        <Typography.Text>{said[`${act}Text`]}</Typography.Text>
      )}
    </ActDialog>
  );
}

function carryOut(workspace: string, act: TagAct, name: string): Promise<unknown> {
  const params = { path: { workspace, name } };
  switch (act) {
    case "create":
      return api.PUT("/api/workspaces/{workspace}/tags/{name}", { params });
    case "lock":
      return api.PUT("/api/workspaces/{workspace}/tag-locks/{name}", { params });
    case "unlock":
      return api.DELETE("/api/workspaces/{workspace}/tag-locks/{name}", { params });
    case "delete":
      return api.DELETE("/api/workspaces/{workspace}/tags/{name}", { params });
  }
}
