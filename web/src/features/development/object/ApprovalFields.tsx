import { Form, Input } from "antd";

import { ApproverSelect } from "@/shared/people/ApproverSelect";
import { useMay, type Workspace } from "@/shared/session/workspace";
import { useWords, type Words } from "@/shared/words/words";

import type { Approval } from "../api";

export const MOST_NOTE = 128;

const en = {
  approvers: "Approvers",
  approversText: "Who decides about it.",
  publisherText: "Leave it empty to make it live without a review.",
  note: "Description",
};
const words: Words<typeof en> = {
  en,
  zh: {
    approvers: "审批人",
    approversText: "由谁审批。",
    publisherText: "留空则免审批直接生效。",
    note: "描述",
  },
};

/** Whether an act may have to wait for somebody else. */
export function needsApproval({ settings }: Workspace, act: string): boolean {
  const isReviewed = settings["review"] !== "off" || settings["mode"] === "enterprise";
  return isReviewed && (act === "submit" || act === "delete");
}

interface Props {
  value: Approval;
  change: (value: Approval) => void;
}

/** Who is asked to approve; who may publish can also ask nobody. */
export function ApprovalFields({ value, change }: Props) {
  const said = useWords(words);
  const mayPublish = useMay("publish");
  return (
    <Form layout="vertical">
      <Form.Item label={said.approvers} extra={mayPublish ? said.publisherText : said.approversText}>
        <ApproverSelect
          value={value.approvers ?? []}
          onChange={(approvers) => change({ ...value, approvers, publish: mayPublish && approvers.length === 0 })}
        />
      </Form.Item>
      <Form.Item label={said.note}>
        <Input.TextArea aria-label={said.note} showCount maxLength={MOST_NOTE} value={value.note ?? ""} onChange={({ target }) => change({ ...value, note: target.value })} />
      </Form.Item>
    </Form>
  );
}
