import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { keys } from "../api";
import { ROOT } from "./tree";
import { words } from "./words";

export type DirectoryAct = "create" | "rename" | "move" | "delete";

interface Props {
  kind: ObjectKind;
  act: DirectoryAct;
  path: string;
  close: () => void;
}

/** Makes a directory in the one that is open, gives that another name or place, or takes it away. */
export function DirectoryDialog({ kind, act, path, close }: Props) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [, change] = useAddress();
  const last = path.slice(path.lastIndexOf("/") + 1);
  const above = path.slice(0, path.lastIndexOf("/")) || ROOT;
  const first = { create: path === ROOT ? ROOT : `${path}/`, rename: last, move: above, delete: path }[act];
  const [typed, type] = useState(first);
  const titles = { create: said.newDirectory, rename: said.renameDirectory, move: said.moveDirectory, delete: said.deleteDirectory };
  const label = { create: said.path, rename: said.newName, move: said.to, delete: "" }[act];
  const text = { create: said.pathText, rename: said.movedText, move: said.movedText, delete: "" }[act];
  const argument = act === "rename" || act === "move" ? `${quoted(path)} ${quoted(typed)} --lock` : quoted(act === "create" ? typed : path);
  const kindOption = kind === "job" ? "" : ` --kind ${kind}`;
  return (
    <ActDialog
      title={act === "create" ? titles.create : `${titles[act]} ${path}`}
      ok={act === "delete" ? said.delete : said.ok}
      isDangerous={act === "delete"}
      isReady={typed.trim() !== "" && (act === "move" ? typed !== above : typed !== ROOT)}
      act={() => carryOut(workspace, kind, act, path, typed.trim())}
      done={(now) => {
        void queries.invalidateQueries({ queryKey: keys.all(workspace) });
        change({ directory: now === ROOT ? "" : now, page: "" });
        close();
      }}
      close={close}
      command={`jobferry directory ${act} ${argument}${kindOption} -w ${quoted(workspace)}`}
    >
      {act === "delete" ? (
        <Typography.Text>{said.deletedForGood}</Typography.Text>
      ) : (
        <Form layout="vertical">
          <Form.Item label={label} extra={text}>
            <Input autoFocus aria-label={label} value={typed} onChange={({ target }) => type(target.value)} />
          </Form.Item>
        </Form>
      )}
    </ActDialog>
  );
}

/** Does it, and tells which directory is open afterwards. */
async function carryOut(workspace: string, kind: ObjectKind, act: DirectoryAct, path: string, typed: string): Promise<string> {
  const params = { path: { workspace, kind } };
  if (act === "create") {
    return (await answer(api.POST("/api/workspaces/{workspace}/directories/{kind}", { params, body: { path: typed } }))).path;
  }
  if (act === "rename") {
    const body = { path, name: typed, take_locks: true };
    return (await answer(api.POST("/api/workspaces/{workspace}/directories/{kind}/rename", { params, body }))).path;
  }
  if (act === "move") {
    const body = { path, parent: typed, take_locks: true };
    return (await answer(api.POST("/api/workspaces/{workspace}/directories/{kind}/move", { params, body }))).path;
  }
  await api.DELETE("/api/workspaces/{workspace}/directories/{kind}", { params: { ...params, query: { path } } });
  return path.slice(0, path.lastIndexOf("/")) || ROOT;
}
