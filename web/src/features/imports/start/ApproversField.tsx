import { Form } from "antd";

import { ApproverSelect } from "@/shared/people/ApproverSelect";
import { useManualWords } from "@/shared/session/workspace";

import { easydata, words } from "./words";

/** Who is asked to approve what the import submits; never who imports. */
export function ApproversField({ isNeeded }: { isNeeded: boolean }) {
  const said = useManualWords(words, easydata);
  return (
    <Form.Item
      name="approvers"
      label={said.approvers}
      extra={said.approversText}
      rules={[{ required: isNeeded, message: said.missing }]}
    >
      <ApproverSelect />
    </Form.Item>
  );
}
