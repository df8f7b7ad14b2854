import { Flex, Form, Input, Radio } from "antd";
import { useState } from "react";

import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import type { Export } from "./api";
import { exportCommand } from "./command";
import { ExportForm, ScopeField, StateField } from "./ExportForm";
import { easydata, words } from "./words";

type Extent = "full" | "range" | "last";

interface Props {
  /** With jobs all that there is leaves, with scripts nothing else. */
  kind?: "job" | "script";
  close: () => void;
}

/** A workspace export: everything, what changed in a time, or what changed since the last one. */
export function WorkspaceExportDialog({ kind: about = "job", close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [scope, setScope] = useState<"chosen" | "closure">("closure");
  const [state, setState] = useState<"draft" | "submitted">("draft");
  const [kind, setKind] = useState<Extent>("full");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const range = { since: msOf(since), until: msOf(until) };
  const extent = { kind, ...(kind === "range" ? range : {}) };
  const body: Export = about === "script" ? { kinds: ["script"], state, extent } : { scope, state, extent };
  const texts: Record<Extent, string | null> = { full: null, range: said.rangeText, last: said.lastText };
  return (
    <ExportForm title={about === "script" ? said.scriptTitle : said.title} body={body} command={exportCommand(workspace, body)} isReady={kind !== "range" || range.since > 0} close={close}>
      {about === "job" && <ScopeField scope={scope} change={setScope} />}
      <Form.Item label={said.type} extra={texts[kind]}>
        <Radio.Group value={kind} onChange={({ target }) => setKind(target.value as Extent)}>
          <Radio value="full">{said.full}</Radio>
          <Radio value="range">{said.range}</Radio>
          <Radio value="last">{said.last}</Radio>
        </Radio.Group>
      </Form.Item>
      {kind === "range" && (
        <Flex gap="middle" wrap>
          <Form.Item label={said.from} required>
            <Input type="datetime-local" aria-label={said.from} value={since} onChange={({ target }) => setSince(target.value)} />
          </Form.Item>
          <Form.Item label={said.until}>
            <Input type="datetime-local" aria-label={said.until} value={until} onChange={({ target }) => setUntil(target.value)} />
          </Form.Item>
        </Flex>
      )}
      <StateField state={state} change={setState} />
    </ExportForm>
  );
}

/** A moment as a browser's field has it, in the reader's zone; 0 for none. */
function msOf(text: string): number {
  return text === "" ? 0 : new Date(text).getTime();
}
