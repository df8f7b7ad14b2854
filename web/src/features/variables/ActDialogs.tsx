import { Typography } from "antd";

import { savePackage } from "@/shared/arriving/api";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { removeVariable } from "./api";
import { easydata, words } from "./words";

/** Takes a variable away, after saying who may miss it. */
export function DeleteDialog({ name, done, close }: { name: string; done: () => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  return (
    <ActDialog
      title={said.deleteTitle(name)}
      ok={said.delete}
      isDangerous
      act={() => removeVariable(workspace, name)}
      done={done}
      close={close}
      command={`jobferry variable delete ${quoted(name)} -w ${quoted(workspace)}`}
    >
      <Typography.Text>{said.deleteText}</Typography.Text>
    </ActDialog>
  );
}

/** Saves the package of all variables on the reader's machine. */
export function ExportDialog({ close }: { close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  return (
    <ActDialog
      title={said.exportTitle}
      ok={said.export}
      act={() => savePackage(workspace, "variables")}
      done={close}
      close={close}
      command={`jobferry variable export -o variables.zip -w ${quoted(workspace)}`}
    >
      <Typography.Text>{said.exportText}</Typography.Text>
    </ActDialog>
  );
}
