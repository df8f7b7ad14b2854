import { useState } from "react";

import type { ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import type { Export } from "./api";
import { exportCommand } from "./command";
import { ExportForm, ScopeField, StateField } from "./ExportForm";
import { easydata, words } from "./words";

interface Props {
  names: Partial<Record<ObjectKind, string[]>>;
  directories?: string[];
  kind: ObjectKind;
  close: () => void;
}

/** The manual's dialog for jobs or scripts that were chosen, by name and by directory. */
export function ExportDialog({ names, directories = [], kind, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [scope, setScope] = useState<"chosen" | "closure">("closure");
  const [state, setState] = useState<"draft" | "submitted">("draft");
  const body: Export = { ...chosen(names, directories, kind), scope, state };
  return (
    <ExportForm
      title={kind === "job" ? said.title : said.scriptTitle}
      body={body}
      command={exportCommand(workspace, body)}
      isReady={directories.length > 0 || (names[kind]?.length ?? 0) > 0}
      close={close}
    >
      {kind === "job" && <ScopeField scope={scope} change={setScope} />}
      <StateField state={state} change={setState} />
    </ExportForm>
  );
}

/** What was chosen, as an export is asked for; what is empty is not said. */
export function chosen(names: Props["names"], directories: string[], kind: ObjectKind): Export {
  return {
    ...(names.job?.length ? { names: names.job } : {}),
    ...(names.script?.length ? { scripts: names.script } : {}),
    ...(directories.length > 0 ? { directories, kinds: [kind] } : {}),
  };
}
