import { Form, Input } from "antd";

import { isReviewed } from "@/shared/people/approval";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { ApproversField } from "./ApproversField";
import { MoreOptions } from "./MoreOptions";
import type { Said } from "./options";
import { PolicyFields } from "./PolicyFields";
import { presetOf } from "./presets";
import { easydata, words } from "./words";

/** What every import is told, whatever it brings: policies, the directory, who approves, and what is seldom needed. */
export function OptionFields({ all }: { all: Said | undefined }) {
  const said = useManualWords(words, easydata);
  const { settings } = useWorkspace();
  const preset = presetOf(settings);
  return (
    <>
      <PolicyFields status={all?.status ?? preset.target_status} />
      {preset.asksDirectory && (
        <Form.Item name="directory" label={said.directory} rules={[{ required: true, message: said.missing }]}>
          <Input placeholder="/imports" />
        </Form.Item>
      )}
      {isReviewed(settings) && all?.status === "submitted" && <ApproversField isNeeded={settings["review"] === "all"} />}
      <MoreOptions isMoved={Boolean(all?.timeZone)} />
    </>
  );
}
