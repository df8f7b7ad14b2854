import { useState } from "react";

import { handIn } from "@/shared/api/handIn";
import { importVariables } from "@/shared/arriving/api";
import { ArrivalDialog } from "@/shared/arriving/ArrivalDialog";
import { quoted } from "@/shared/look/Command";
import { FileField } from "@/shared/look/FileField";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

/** Imports the variables of a package on this machine. */
export function ImportDialog({ done, close }: { done: () => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [file, choose] = useState<File | null>(null);
  return (
    <ArrivalDialog
      title={said.importTitle}
      source={file}
      handIn={async () => (file === null ? "" : handIn(file))}
      run={(id, duplicates, isTrial) => importVariables(workspace, id, duplicates, isTrial)}
      incomplete={said.incomplete}
      command={(duplicates) => `jobferry variable import ${quoted(file?.name ?? "variables.zip")} --duplicates ${duplicates} -w ${quoted(workspace)}`}
      done={done}
      close={close}
    >
      <FileField label={said.file} choose={said.choose} accept=".zip" onChoose={choose} />
    </ArrivalDialog>
  );
}
