import { Button, Flex, Typography } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { Marked } from "@/shared/look/Marked";
import { useWords } from "@/shared/words/words";

import type { Send, Setting } from "./setting";
import { SettingField } from "./SettingField";
import { useShown } from "./useShown";
import { words } from "./words";

interface Props {
  setting: Setting;
  /** What goes behind ``jobferry setting set``: the workspace, or the platform. */
  whose: string;
  send: Send;
  done: () => void;
  close: () => void;
}

/** Changes one setting, or lets it go back to its default. */
export function SettingDialog({ setting, whose, send, done, close }: Props) {
  const said = useWords(words);
  const shown = useShown();
  const [value, change] = useState(setting.value);
  const isDefault = value === setting.default || value === "";
  return (
    <ActDialog
      title={shown.nameOf(setting.key)}
      ok={said.save}
      isReady={value !== setting.value}
      act={() => send({ [setting.key]: value })}
      done={done}
      close={close}
      command={`jobferry setting set ${quoted(`${setting.key}=${value}`)} ${whose}`}
    >
      <Typography.Text>
        <Marked text={setting.meaning} hasNames />
      </Typography.Text>
      <SettingField setting={setting} value={value} change={change} />
      <Flex justify="space-between" align="center" gap="small" wrap>
        <Typography.Text type="secondary" className="beside">
          {said.defaultIs(shown.shown(setting, setting.default))}
          {said[setting.acts]}
        </Typography.Text>
        <Button size="small" disabled={isDefault && setting.source !== "stored"} onClick={() => change(setting.source === "stored" ? "" : setting.value)}>
          {said.toDefault}
        </Button>
      </Flex>
    </ActDialog>
  );
}
