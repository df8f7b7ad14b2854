import { Col, Form, Input, Row, Select } from "antd";

import { space } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import type { Filled } from "./document";
import { CHOICES, isSecret, keysOf } from "./fields";
import { words } from "./words";

interface Props {
  filled: Filled;
  isNew: boolean;
  change: (config: Record<string, string>) => void;
}

/** The values of a connection: those that its type has, and whatever else its document holds. */
export function ConfigFields({ filled: { type, config }, isNew, change }: Props) {
  return (
    <Row gutter={space.medium}>
      {keysOf(type, config).map((key) => (
        <Col key={key} xs={24} sm={12}>
          <ConfigField type={type} name={key} value={config[key] ?? ""} isNew={isNew} set={(next) => change({ ...config, [key]: next })} />
        </Col>
      ))}
    </Row>
  );
}

interface FieldProps {
  type: string;
  name: string;
  value: string;
  isNew: boolean;
  set: (value: string) => void;
}

function ConfigField({ type, name, value, isNew, set }: FieldProps) {
  const said = useWords(words);
  const labels: Record<string, string> = said;
  const label = labels[name] ?? name;
  const choices = CHOICES[name];
  const extra = isSecret(name) ? said.secretText : type === "DWS" && name === "clusterName" ? said.address : null;
  const field = { "aria-label": label, value, onChange: ({ target }: { target: { value: string } }) => set(target.value) };
  return (
    <Form.Item label={label} extra={extra}>
      {isSecret(name) ? (
        <Input.Password autoComplete="new-password" placeholder={isNew ? "" : said.kept} {...field} />
      ) : choices ? (
        <Select
          aria-label={label}
          allowClear
          value={value || null}
          options={choices.map((one) => ({ value: one, label: one }))}
          onChange={(next: string | undefined) => set(next ?? "")}
        />
      ) : (
        <Input {...field} />
      )}
    </Form.Item>
  );
}
