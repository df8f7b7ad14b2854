import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Form, Input, Typography } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { ApproverSelect } from "@/shared/people/ApproverSelect";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { carryOut, keys, type Act, type ReviewHead } from "./api";
import { easydata, words } from "./words";

const MOST_NOTE = 128;

interface Props {
  review: ReviewHead;
  act: Act;
  close: () => void;
}

/** Asks before something is decided, taken back or asked for again. */
export function DecisionDialog({ review, act, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const go = useNavigate();
  const { message } = App.useApp();
  const isAgain = act === "resubmit";
  const [text, setText] = useState(isAgain ? review.note : "");
  const [approvers, setApprovers] = useState(review.approvers);
  const done = async (now: ReviewHead): Promise<void> => {
    close();
    void message.success(said.done);
    if (now.id !== review.id) await go({ to: "/w/$workspace/reviews/$reviewId", params: { workspace, reviewId: now.id } });
    await Promise.all([
      queries.invalidateQueries({ queryKey: keys.all(workspace) }),
      queries.invalidateQueries({ queryKey: ["objects", workspace] }),
      queries.invalidateQueries({ queryKey: ["waiting", workspace] }),
    ]);
  };
  const label = isAgain ? said.note : said.answer;
  return (
    <ActDialog
      title={said[`${act}Title`](review.name)}
      ok={said[act]}
      isDangerous={act === "reject"}
      isReady={!isAgain || approvers.length > 0}
      act={() => carryOut(workspace, review, act, { text, approvers })}
      done={(now) => void done(now)}
      close={close}
      command={commandOf(workspace, review, act, text, approvers)}
    >
      <Typography.Text type="secondary">{said[`${act}Text`]}</Typography.Text>
      {act !== "withdraw" && (
        <Form layout="vertical">
          {isAgain && (
            <Form.Item label={said.approvers} required>
              <ApproverSelect kind={review.kind} value={approvers} onChange={setApprovers} />
            </Form.Item>
          )}
          <Form.Item label={label}>
            <Input.TextArea autoFocus aria-label={label} showCount maxLength={MOST_NOTE} value={text} onChange={({ target }) => setText(target.value)} />
          </Form.Item>
        </Form>
      )}
    </ActDialog>
  );
}

function commandOf(workspace: string, { kind, id }: ReviewHead, act: Act, text: string, approvers: readonly string[]): string {
  const option = act === "resubmit" ? "--note" : "--answer";
  const more = [
    ...(text && act !== "withdraw" ? [`${option} ${quoted(text)}`] : []),
    ...(act === "resubmit" ? approvers.map((name) => `--approver ${quoted(name)}`) : []),
  ];
  return [`jobferry ${kind} ${act} ${id}`, ...more, `-w ${quoted(workspace)}`].join(" ");
}
