import { Form, Input } from "antd";
import { useState } from "react";

import { height } from "@/shared/look/tokens";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import type { Export } from "./api";
import { exportCommand } from "./command";
import { chosen } from "./ExportDialog";
import { ExportForm, ScopeField, StateField } from "./ExportForm";
import { MOST_NAMES, namesOf } from "./names";
import { easydata, words } from "./words";

/** An export of what is named, a line each. */
export function NamesDialog({ kind, close }: { kind: ObjectKind; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [text, setText] = useState("");
  const [scope, setScope] = useState<"chosen" | "closure">("closure");
  const [state, setState] = useState<"draft" | "submitted">("draft");
  const names = namesOf(text);
  const isFit = names.length <= MOST_NAMES;
  const body: Export = { ...chosen({ [kind]: names }, [], kind), scope, state };
  return (
    <ExportForm title={said.namesTitle} body={body} command={exportCommand(workspace, body)} isReady={names.length > 0 && isFit} close={close}>
      <Form.Item label={said.names} extra={said.namesText} help={said.used(names.length, MOST_NAMES)} validateStatus={isFit ? "" : "error"}>
        <Input.TextArea autoFocus aria-label={said.names} value={text} onChange={({ target }) => setText(target.value)} style={{ height: height.box }} />
      </Form.Item>
      {kind === "job" && <ScopeField scope={scope} change={setScope} />}
      <StateField state={state} change={setState} />
    </ExportForm>
  );
}
