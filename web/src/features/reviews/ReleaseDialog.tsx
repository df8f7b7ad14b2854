import { useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Typography } from "antd";
import { useState } from "react";

import type { Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { ApproverSelect } from "@/shared/people/ApproverSelect";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { createRelease, keys } from "./api";
import { easydata, words } from "./words";

const MOST_NOTE = 128;

type Kind = Schemas["ObjectKind"];

/** Puts what waits into a release: what is selected, or all of it. */
export function ReleaseDialog({ selected, close }: { selected: readonly string[] | null; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [, change] = useAddress();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [approvers, setApprovers] = useState<string[]>([]);
  const items = selected?.map(itemOf) ?? [];
  const body = { name: name.trim(), note, approvers, ...(selected ? { items } : { everything: true }) };
  const done = ({ approvable_by: names }: Schemas["CreatedReleaseAnswer"]): void => {
    close();
    void message.success(said.made(names.join(", ")));
    void queries.invalidateQueries({ queryKey: keys.all(workspace) });
    change({ picked: "", tab: "mine" });
  };
  const things = selected ? items.map((item) => `--${item.kind} ${quoted(item.name)}`) : ["--all"];
  const people = approvers.map((approver) => `--approver ${quoted(approver)}`);
  return (
    <ActDialog
      title={said.create}
      ok={said.create}
      isReady={name.trim() !== ""}
      act={() => createRelease(workspace, body)}
      done={done}
      close={close}
      command={["jobferry release create", quoted(name.trim() || "NAME"), ...things, ...people, `-w ${quoted(workspace)}`].join(" ")}
    >
      <Typography.Text type="secondary">{said.createText}</Typography.Text>
      <Form layout="vertical">
        <Form.Item label={said.releaseName} required>
          <Input autoFocus aria-label={said.releaseName} value={name} onChange={({ target }) => setName(target.value)} />
        </Form.Item>
        <Form.Item label={said.approvers}>
          <ApproverSelect kind="release" value={approvers} onChange={setApprovers} />
        </Form.Item>
        <Form.Item label={said.note}>
          <Input.TextArea aria-label={said.note} showCount maxLength={MOST_NOTE} value={note} onChange={({ target }) => setNote(target.value)} />
        </Form.Item>
      </Form>
    </ActDialog>
  );
}

function itemOf(key: string): { kind: Kind; name: string } {
  const at = key.indexOf("/");
  return { kind: key.slice(0, at) as Kind, name: key.slice(at + 1) };
}
