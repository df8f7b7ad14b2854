import { Typography } from "antd";

import { api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { easydata, words } from "./words";

interface Props {
  item: Schemas["InventoryItemAnswer"];
  done: () => void;
  close: () => void;
}

/** Takes one thing out of the inventory. */
export function RemoveDialog({ item: { kind, name }, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  return (
    <ActDialog
      title={said.removeTitle(names[kind], name)}
      ok={said.remove}
      isDangerous
      act={() => api.DELETE("/api/workspaces/{workspace}/inventory/{kind}/{name}", { params: { path: { workspace, kind, name } } })}
      done={() => done()}
      close={close}
      command={`jobferry inventory remove ${kind} ${quoted(name)} -w ${quoted(workspace)}`}
    >
      <Typography.Text>{said.removeText}</Typography.Text>
    </ActDialog>
  );
}
