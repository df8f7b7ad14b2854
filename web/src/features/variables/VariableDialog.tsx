import { Form, Input, Radio } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { saveVariable, TYPES, type Variable, type VariableType } from "./api";
import { isSecret } from "./secret";
import { easydata, words } from "./words";

interface Props {
  variable: Variable | null;
  done: () => void;
  close: () => void;
}

/** Makes a variable, or changes one. A secret's value is not read back: it is typed anew. */
export function VariableDialog({ variable, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const [name, setName] = useState(variable?.name ?? "");
  const hidden = isSecret(name, settings["sensitive_names"] ?? "");
  const [value, setValue] = useState(hidden ? "" : (variable?.value ?? ""));
  const [type, setType] = useState<VariableType>(variable?.type ?? "variable");
  const [description, setDescription] = useState(variable?.description ?? "");
  const told = hidden ? "VALUE" : quoted(value);
  return (
    <ActDialog
      title={variable === null ? said.add : said.editOne(name)}
      ok={said.save}
      isReady={name.trim() !== "" && (!hidden || variable === null || variable.incomplete || value !== "")}
      act={() => saveVariable(workspace, name.trim(), { value, type, description })}
      done={done}
      close={close}
      command={`jobferry variable set ${quoted(name)} ${told}${type === "constant" ? " --constant" : ""}${description ? ` --description ${quoted(description)}` : ""} -w ${quoted(workspace)}`}
    >
      <Form layout="vertical">
        {variable === null && (
          <Form.Item label={said.name} extra={said.nameText}>
            <Input autoFocus aria-label={said.name} value={name} onChange={({ target }) => setName(target.value)} />
          </Form.Item>
        )}
        <Form.Item label={said.type}>
          <Radio.Group value={type} options={TYPES.map((one) => ({ value: one, label: said[one] }))} onChange={({ target }) => setType(target.value as VariableType)} />
        </Form.Item>
        <Form.Item label={said.value} extra={hidden ? said.secretText : null}>
          {hidden ? (
            <Input.Password aria-label={said.value} autoComplete="off" value={value} onChange={({ target }) => setValue(target.value)} />
          ) : (
            <Input.TextArea aria-label={said.value} autoSize value={value} onChange={({ target }) => setValue(target.value)} />
          )}
        </Form.Item>
        <Form.Item label={said.description}>
          <Input aria-label={said.description} value={description} onChange={({ target }) => setDescription(target.value)} />
        </Form.Item>
      </Form>
    </ActDialog>
  );
}
