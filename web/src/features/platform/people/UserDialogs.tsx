import { Checkbox, Form, Input, Typography } from "antd";
import { useState } from "react";

import { api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

export type UserAct = "disable" | "enable" | "give" | "take" | "reset";

interface Done {
  done: () => void;
  close: () => void;
}

/** Makes a user. */
export function NewUserDialog({ done, close }: Done) {
  const said = useWords(words);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [operations, setOperations] = useState(false);
  return (
    <ActDialog
      title={said.add}
      ok={said.make}
      isReady={name.trim() !== ""}
      act={() => api.POST("/api/users", { body: { name: name.trim(), password, operations } })}
      done={done}
      close={close}
      command={`jobferry user create ${quoted(name)}${operations ? " --operations" : ""}`}
    >
      <Form layout="vertical" autoComplete="off">
        <Form.Item label={said.name} extra={said.nameText}>
          <Input autoFocus aria-label={said.name} autoComplete="off" value={name} onChange={({ target }) => setName(target.value)} />
        </Form.Item>
        <Form.Item label={said.password} extra={said.passwordText}>
          <Input.Password aria-label={said.password} autoComplete="new-password" value={password} onChange={({ target }) => setPassword(target.value)} />
        </Form.Item>
        <Checkbox checked={operations} onChange={({ target }) => setOperations(target.checked)}>
          {said.operations} <Typography.Text type="secondary">{said.operationsText}</Typography.Text>
        </Checkbox>
      </Form>
    </ActDialog>
  );
}

/** Does something with a user, after saying what it means. */
export function UserActDialog({ act, user, done, close }: Done & { act: UserAct; user: Schemas["UserAnswer"] }) {
  const said = useWords(words);
  const [password, setPassword] = useState("");
  const { name } = user;
  const text = { disable: said.disableText, enable: said.enableText, give: said.operationsText, take: said.takeText, reset: said.resetText }[act];
  const command = { disable: "disable", enable: "enable", give: "edit", take: "edit", reset: "password" }[act];
  const option = { give: " --operations", take: " --no-operations", disable: "", enable: "", reset: "" }[act];
  return (
    <ActDialog
      title={said[`${act}Title`](name)}
      ok={said[act]}
      isDangerous={act === "disable" || (act === "reset" && password === "")}
      act={() => carryOut(act, name, password)}
      done={done}
      close={close}
      command={`jobferry user ${command} ${quoted(name)}${option}`}
    >
      <Typography.Text>{text}</Typography.Text>
      {act === "reset" && (
        <Form layout="vertical">
          <Form.Item label={said.next} extra={said.passwordText}>
            <Input.Password autoFocus aria-label={said.next} autoComplete="new-password" value={password} onChange={({ target }) => setPassword(target.value)} />
          </Form.Item>
        </Form>
      )}
    </ActDialog>
  );
}

function carryOut(act: UserAct, user: string, password: string): Promise<unknown> {
  const params = { path: { user } };
  if (act === "reset") return api.PUT("/api/users/{user}/password", { params, body: { new: password } });
  const body = { disable: { disabled: true }, enable: { disabled: false }, give: { operations: true }, take: { operations: false } }[act];
  return api.PATCH("/api/users/{user}", { params, body });
}
