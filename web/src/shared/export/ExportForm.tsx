import { useQuery } from "@tanstack/react-query";
import { Flex, Form, Modal, Radio, Typography } from "antd";
import { useState, type ReactNode } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { Failure } from "@/shared/look/Failure";
import { width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { beginExport, previewExport, readNeeds, type Export } from "./api";
import { Begun } from "./Begun";
import { easydata, words } from "./words";

/** As many needs as are named. */
const NAMED = 10;

interface Props {
  title: string;
  body: Export;
  command: string;
  isReady: boolean;
  close: () => void;
  children: ReactNode;
}

/** An export that is asked for: its fields, what would leave by them, and then how far it is. */
export function ExportForm({ title, body, command, isReady, close, children }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [begun, setBegun] = useState<string | null>(null);
  if (begun !== null) {
    return (
      <Modal open title={title} width={width.dialog} footer={null} onCancel={close}>
        <Begun id={begun} close={close} />
      </Modal>
    );
  }
  return (
    <ActDialog title={title} ok={said.ok} isReady={isReady} act={() => beginExport(workspace, body)} done={setBegun} close={close} command={command}>
      <Form layout="vertical">{children}</Form>
      {isReady && <Leaving workspace={workspace} body={body} />}
    </ActDialog>
  );
}

function Leaving({ workspace, body }: { workspace: string; body: Export }) {
  const said = useManualWords(words, easydata);
  const { data, error, isPending } = useQuery({
    queryKey: ["export-preview", workspace, body],
    queryFn: () => previewExport(workspace, body),
    retry: false,
  });
  if (error) return <Failure error={error} />;
  if (isPending) return <Typography.Text type="secondary">…</Typography.Text>;
  const lines = [
    said.leaving(data.objects, data.chosen),
    data.needs > 0 && said.needs(data.needs),
    data.left_out > 0 && said.leftOut(data.left_out),
    data.deletions > 0 && said.deletions(data.deletions),
    data.note,
  ];
  return (
    <Flex vertical aria-live="polite">
      {lines.map((line) => line && <Typography.Text key={line}>{line}</Typography.Text>)}
      {data.needs > 0 && <Needs workspace={workspace} previewId={data.id} />}
    </Flex>
  );
}

/** The things that the package needs where it arrives, by name. */
function Needs({ workspace, previewId }: { workspace: string; previewId: string }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const { data } = useQuery({ queryKey: ["export-preview", workspace, previewId, "needs"], queryFn: () => readNeeds(workspace, previewId, NAMED) });
  if (data === undefined) return null;
  const names = data.items.map(({ kind, name }) => `${kinds[kind]} ${name}`);
  return (
    <Typography.Text type="secondary" className="beside">
      {[...names, data.total > NAMED && said.more(data.total - NAMED)].filter(Boolean).join(" · ")}
    </Typography.Text>
  );
}

/** What comes along with the jobs. */
export function ScopeField({ scope, change }: { scope: NonNullable<Export["scope"]>; change: (scope: "chosen" | "closure") => void }) {
  const said = useManualWords(words, easydata);
  return (
    <Form.Item label={said.scope}>
      <Radio.Group value={scope} onChange={({ target }) => change(target.value as "chosen" | "closure")}>
        <Flex vertical gap="small">
          <Radio value="chosen">{said.chosen}</Radio>
          <Radio value="closure">{said.closure}</Radio>
        </Flex>
      </Radio.Group>
    </Form.Item>
  );
}

/** Whether drafts leave, or what was submitted. */
export function StateField({ state, change }: { state: NonNullable<Export["state"]>; change: (state: "draft" | "submitted") => void }) {
  const said = useManualWords(words, easydata);
  return (
    <Form.Item label={said.status} extra={state === "draft" ? said.draftText : said.submittedText}>
      <Radio.Group value={state} onChange={({ target }) => change(target.value as "draft" | "submitted")}>
        <Radio value="draft">{said.draft}</Radio>
        <Radio value="submitted">{said.submitted}</Radio>
      </Radio.Group>
    </Form.Item>
  );
}
