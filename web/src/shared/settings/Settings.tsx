import { EditOutlined } from "@ant-design/icons";
import { Button, Card, Checkbox, Flex, Input, Tag, Typography } from "antd";
import { useState } from "react";

import { Marked } from "@/shared/look/Marked";
import { width } from "@/shared/look/tokens";
import { EmptyText } from "@/shared/table/EmptyText";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import type { Group } from "./names";
import type { Send, Setting } from "./setting";
import { SettingDialog } from "./SettingDialog";
import { useShown } from "./useShown";
import { words } from "./words";

interface Props {
  settings: readonly Setting[];
  groups: readonly Group[];
  /** Which of them the reader may change. */
  mayEdit: (setting: Setting) => boolean;
  whose: string;
  send: Send;
  changed: () => void;
  /** What a setting shows in the console, by its key. */
  shows?: Readonly<Record<string, string>>;
}

/** Every setting with what it does, the value that holds, and where that comes from. Filters are in the address. */
export function Settings({ settings, groups, mayEdit, whose, send, changed, shows = {} }: Props) {
  const said = useWords(words);
  const { nameOf } = useShown();
  const [address, change] = useAddress();
  const [edited, edit] = useState<Setting | null>(null);
  const piece = (address["search"] ?? "").toLowerCase();
  const fits = (setting: Setting): boolean =>
    (address["only"] !== "set" || setting.source === "stored") &&
    [nameOf(setting.key), setting.key, setting.meaning].some((text) => text.toLowerCase().includes(piece));
  const shown = groups
    .map(({ key, settings: keys }) => ({ key, found: keys.flatMap((one) => settings.filter((setting) => setting.key === one && fits(setting))) }))
    .filter(({ found }) => found.length > 0);
  return (
    <Flex vertical gap="middle">
      <Flex gap="middle" wrap align="center">
        <Input.Search
          allowClear
          aria-label={said.filter}
          placeholder={said.filter}
          defaultValue={address["search"]}
          onChange={({ target }) => change({ search: target.value })}
          style={{ maxWidth: width.form }}
        />
        <Checkbox checked={address["only"] === "set"} onChange={({ target }) => change({ only: target.checked ? "set" : "" })}>
          {said.only}
        </Checkbox>
      </Flex>
      {shown.length === 0 && <EmptyText>{said.nothing}</EmptyText>}
      {shown.map(({ key, found }) => (
        <Card key={key} size="small" title={said[key]}>
          <Flex vertical gap="middle">
            {found.map((setting) => (
              <Row key={setting.key} setting={setting} {...(mayEdit(setting) ? { edit } : {})} shows={shows[setting.key] ?? ""} />
            ))}
          </Flex>
        </Card>
      ))}
      {edited && (
        <SettingDialog
          setting={edited}
          whose={whose}
          send={send}
          done={() => {
            changed();
            edit(null);
          }}
          close={() => edit(null)}
        />
      )}
    </Flex>
  );
}

function Row({ setting, edit, shows }: { setting: Setting; edit?: (setting: Setting) => void; shows: string }) {
  const said = useWords(words);
  const { nameOf, shown } = useShown();
  const sources = {
    stored: said.stored,
    option: said.fromOption,
    environment: said.environment,
    file: said.fromFile,
    profile: said.profileSource,
    default: said.defaultSource,
  };
  return (
    <section className="setting" aria-label={nameOf(setting.key)}>
      <Flex vertical>
        <span>
          <Typography.Text strong>{nameOf(setting.key)}</Typography.Text> <Typography.Text type="secondary" code>{setting.key}</Typography.Text>
        </span>
        <Typography.Text type="secondary">
          <Marked text={setting.meaning} hasNames />
        </Typography.Text>
        {shows && <Typography.Text type="secondary">{shows}</Typography.Text>}
      </Flex>
      <Flex gap="small" align="start" wrap>
        <span className="beside">{shown(setting, setting.value)}</span>
        <Tag {...(setting.source === "stored" ? { color: "processing" } : {})}>{sources[setting.source]}</Tag>
      </Flex>
      {edit ? (
        <Button size="small" icon={<EditOutlined aria-hidden />} aria-label={said.editOne(nameOf(setting.key))} onClick={() => edit(setting)}>
          {said.edit}
        </Button>
      ) : (
        <span />
      )}
    </section>
  );
}
