import { Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useMe } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

const DAYS = 90;
const MOST_DAYS = 365;

interface Props {
  user: string;
  /** The option that names somebody else. */
  whose: string;
  done: (made: Schemas["NewTokenAnswer"]) => void;
  close: () => void;
}

/** Makes a token, as narrow as it is wanted. */
export function NewTokenDialog({ user, whose, done, close }: Props) {
  const said = useWords(words);
  const places = useMe().workspaces;
  const [name, setName] = useState("");
  const [days, setDays] = useState(DAYS);
  const [isReadOnly, setReadOnly] = useState(false);
  const [workspaces, setWorkspaces] = useState<string[]>([]);
  const options = [
    days === DAYS ? "" : ` --days ${days}`,
    isReadOnly ? " --read-only" : "",
    ...workspaces.map((one) => ` --only ${quoted(one)}`),
  ].join("");
  return (
    <ActDialog
      title={said.newToken}
      ok={said.make}
      isReady={name.trim() !== ""}
      act={() => answer(api.POST("/api/users/{user}/tokens", { params: { path: { user } }, body: { name: name.trim(), days, read_only: isReadOnly, workspaces } }))}
      done={done}
      close={close}
      command={`jobferry token create ${quoted(name)}${options}${whose}`}
    >
      <Form layout="vertical">
        <Form.Item label={said.tokenName}>
          <Input autoFocus aria-label={said.tokenName} value={name} onChange={({ target }) => setName(target.value)} />
        </Form.Item>
        <Form.Item label={said.days}>
          <InputNumber aria-label={said.days} min={1} max={MOST_DAYS} precision={0} value={days} onChange={(typed) => setDays(typed ?? DAYS)} />
        </Form.Item>
        <Form.Item label={said.onlyIn} extra={said.onlyInText}>
          <Select
            mode="multiple"
            aria-label={said.onlyIn}
            value={workspaces}
            options={places.map((place) => ({ value: place.name }))}
            onChange={setWorkspaces}
          />
        </Form.Item>
        <Checkbox checked={isReadOnly} onChange={({ target }) => setReadOnly(target.checked)}>
          {said.readOnly}
        </Checkbox>
      </Form>
    </ActDialog>
  );
}
