import { Form, Radio } from "antd";

import { useManualWords, useMay } from "@/shared/session/workspace";

import type { TargetStatus } from "./presets";
import { easydata, words } from "./words";

/** What becomes of objects that are here already, and as what the others come in. */
export function PolicyFields({ status }: { status: TargetStatus }) {
  const said = useManualWords(words, easydata);
  const mayPublish = useMay("publish");
  const meaning = { saved: said.savedText, submitted: said.submittedText, production: said.productionText };
  return (
    <>
      <Form.Item name="duplicates" label={said.duplicates}>
        <Radio.Group>
          <Radio value="overwrite">{said.overwrite}</Radio>
          <Radio value="skip">{said.skip}</Radio>
        </Radio.Group>
      </Form.Item>
      <Form.Item name="status" label={said.status} extra={meaning[status]}>
        <Radio.Group>
          <Radio value="saved">{said.saved}</Radio>
          <Radio value="submitted">{said.submitted}</Radio>
          {mayPublish && <Radio value="production">{said.production}</Radio>}
        </Radio.Group>
      </Form.Item>
    </>
  );
}
