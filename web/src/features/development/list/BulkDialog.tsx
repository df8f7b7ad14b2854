import { useQueryClient } from "@tanstack/react-query";
import { Alert, Flex, Form, Input, Modal, Typography } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { MustTick } from "@/shared/look/MustTick";
import { Marked } from "@/shared/look/Marked";
import { width } from "@/shared/look/tokens";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { changeAll, keys, type Approval, type BulkAnswer } from "../api";
import { ApprovalFields, needsApproval } from "../object/ApprovalFields";
import { TagsField } from "../TagsField";
import { commandOf, type BulkAct } from "./command";
import { words } from "./words";

interface Props {
  kind: ObjectKind;
  act: BulkAct;
  names: string[];
  close: () => void;
}

/** One act on all that is ticked: asked first, and then told object by object. */
export function BulkDialog({ kind, act, names, close }: Props) {
  const said = useWords(words);
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const [address] = useAddress();
  const [directory, setDirectory] = useState(address["directory"] ?? "/");
  const [tags, setTags] = useState<string[]>([]);
  const [approval, setApproval] = useState<Approval>({});
  const [isAgreed, agree] = useState(false);
  const [result, setResult] = useState<BulkAnswer | null>(null);
  if (result !== null) return <Outcome title={said[act]} result={result} close={close} />;
  const asksApproval = needsApproval(workspace, act);
  const isTagging = act === "tag" || act === "untag";
  return (
    <ActDialog
      title={said.apply(said[act], names.length)}
      ok={said[act]}
      isDangerous={act === "delete"}
      isReady={(!isTagging || tags.length > 0) && (act !== "submit" || isAgreed)}
      act={() =>
        changeAll(workspace.name, kind, {
          action: act,
          names,
          ...(act === "move" ? { directory } : {}),
          ...(isTagging ? { tags } : {}),
          ...(act === "submit" || act === "move" || isTagging ? { take_lock: true } : {}),
          ...(asksApproval ? approval : {}),
        })
      }
      done={(answered) => {
        void queries.invalidateQueries({ queryKey: keys.all(workspace.name) });
        if (answered.failed === 0 && answered.items.every((item) => !item.waits)) close();
        else setResult(answered);
      }}
      close={close}
      command={commandOf(kind, act, names, { directory, tags, approval }, workspace.name)}
    >
      <Typography.Text type="secondary">{act === "delete" ? said.gone : said.each}</Typography.Text>
      {isTagging && <TagsField label={said.tags} value={tags} change={setTags} />}
      {act === "move" && (
        <Form layout="vertical">
          <Form.Item label={said.to}>
            <Input aria-label={said.to} value={directory} onChange={({ target }) => setDirectory(target.value)} />
          </Form.Item>
        </Form>
      )}
      {asksApproval && <ApprovalFields value={approval} change={setApproval} />}
      {act === "submit" && (
        <MustTick text={said.nextCycle} isTicked={isAgreed} tick={agree} />
      )}
    </ActDialog>
  );
}

function Outcome({ title, result, close }: { title: string; result: BulkAnswer; close: () => void }) {
  const said = useWords(words);
  const told = result.items.filter((item) => item.error !== null || item.waits);
  return (
    <Modal open title={title} width={width.dialog} onCancel={close} onOk={close} cancelButtonProps={{ hidden: true }} okText={said.close}>
      <Flex vertical gap="small">
        <Typography.Text strong>{said.outcome(result.done, result.failed)}</Typography.Text>
        {told.map(({ name, error }) => (
          <Alert
            key={name}
            type={error ? "error" : "info"}
            title={<Marked text={`${name}: ${error?.message ?? said.waits}`} />}
            description={error?.hint && <Marked text={error.hint} />}
          />
        ))}
      </Flex>
    </Modal>
  );
}
