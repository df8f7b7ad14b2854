import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { createConnection, keys, updateConnection, type Connection } from "./api";
import { ConfigFields } from "./ConfigFields";
import { EMPTY, filledFrom, withFilled, type Filled } from "./document";
import { isSecret, TYPES } from "./fields";
import { words } from "./words";

const MOST_DESCRIPTION = 255;

interface Props {
  /** The connection's document; without one, a new connection is made. */
  text?: string;
  /** What a new connection is called at first. */
  name?: string;
  done: (connection: Connection) => void;
  close: () => void;
}

/** Makes or edits a connection. Only what is filled in otherwise changes in its document. */
export function ConnectionDialog({ text, name = "", done, close }: Props) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const isNew = text === undefined;
  const [filled, setFilled] = useState<Filled>(() => (isNew ? { name, type: "DWS", description: "", config: {} } : filledFrom(text)));
  const change = (changed: Partial<Filled>): void => setFilled({ ...filled, ...changed });
  const save = (): Promise<Connection> => {
    const written = withFilled(text ?? EMPTY, { ...filled, name: filled.name.trim() });
    return isNew ? createConnection(workspace, written) : updateConnection(workspace, filled.name, written);
  };
  return (
    <ActDialog
      title={isNew ? said.create : `${said.edit} ${filled.name}`}
      ok={isNew ? said.create : said.save}
      isReady={filled.name.trim() !== ""}
      act={save}
      done={(saved) => {
        void queries.invalidateQueries({ queryKey: keys.all(workspace) });
        done(saved);
      }}
      close={close}
      command={isNew ? commandOf(workspace, filled) : null}
    >
      <Form layout="vertical">
        {isNew && (
          <>
            <Form.Item label={said.name} required extra={said.nameText}>
              <Input autoFocus aria-label={said.name} value={filled.name} onChange={({ target }) => change({ name: target.value })} />
            </Form.Item>
            <Form.Item label={said.type} required>
              <Select
                aria-label={said.type}
                value={filled.type}
                options={TYPES.map((value) => ({ value, label: value }))}
                onChange={(type) => change({ type })}
              />
            </Form.Item>
          </>
        )}
        <ConfigFields filled={filled} isNew={isNew} change={(config) => change({ config })} />
        <Form.Item label={said.description}>
          <Input.TextArea
            aria-label={said.description}
            showCount
            maxLength={MOST_DESCRIPTION}
            value={filled.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        </Form.Item>
      </Form>
    </ActDialog>
  );
}

/** The command that makes the same; secrets are not in it. */
function commandOf(workspace: string, { name, type, config }: Filled): string {
  const values = Object.entries(config).filter(([key, value]) => value !== "" && !isSecret(key));
  const set = values.map(([key, value]) => `--set ${quoted(`${key}=${value}`)}`);
  return [`jobferry connection create ${quoted(name || "NAME")} --type ${type}`, ...set, `-w ${quoted(workspace)}`].join(" ");
}
