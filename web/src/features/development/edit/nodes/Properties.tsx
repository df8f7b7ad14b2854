import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Form, Input } from "antd";
import { useState } from "react";

import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { isSensitiveName } from "../../tabs/nodes";
import { valueAt } from "../document";
import { NameField } from "./NameField";
import type { Part } from "./NodeForm";
import { propertiesAt, withProperty, type Property } from "./nodeEdits";
import { propertiesOf } from "./types";
import { words } from "./words";

/** What a node runs and with what: the properties of its type, then all others that the document has. */
export function Properties({ index, text, change }: Part & { index: number }) {
  const said = useWords(words);
  const known = propertiesOf(valueAt(text, ["nodes", index, "type"]));
  const there = propertiesAt(text, index);
  const missing = Object.keys(known).filter((name) => there.every((property) => property.name !== name));
  const all = [...missing.map((name): Property => ({ name, value: "", isSensitive: false })), ...there].sort((one, other) => Number(!(one.name in known)) - Number(!(other.name in known)));
  const [more, type] = useState("");
  const isNew = more.trim() !== "" && all.every(({ name }) => name !== more.trim());
  const add = (): void => {
    if (!isNew) return;
    change(withProperty(text, index, more.trim(), ""));
    type("");
  };
  return (
    <>
      {all.map((property) => (
        <Form.Item key={property.name} label={property.name} htmlFor={`property-${property.name}`} {...(typeof property.value === "string" ? {} : { help: said.notText })}>
          <Flex gap="small">
            <PropertyField property={property} kind={known[property.name] ?? ""} change={(value) => change(withProperty(text, index, property.name, value))} />
            {!missing.includes(property.name) && (
              <Button
                icon={<DeleteOutlined aria-hidden />}
                aria-label={said.removeProperty(property.name)}
                onClick={() => change(withProperty(text, index, property.name, undefined))}
              />
            )}
          </Flex>
        </Form.Item>
      ))}
      <Form.Item>
        <Flex gap="small">
          <Input aria-label={said.more} placeholder={said.more} value={more} onChange={({ target }) => type(target.value)} onPressEnter={add} />
          <Button icon={<PlusOutlined aria-hidden />} disabled={!isNew} onClick={add}>
            {said.addProperty}
          </Button>
        </Flex>
      </Form.Item>
    </>
  );
}

interface FieldProps {
  property: Property;
  kind: string;
  change: (value: string) => void;
}

/** A value as a field of its kind: a thing that is here, a secret, or a text of any number of lines. */
function PropertyField({ property: { name, value, isSensitive }, kind, change }: FieldProps) {
  const { settings } = useWorkspace();
  const id = `property-${name}`;
  if (typeof value !== "string") return <Input id={id} disabled value={JSON.stringify(value)} />;
  if (isSensitive || isSensitiveName(name, settings["sensitive_names"])) {
    return <Input.Password id={id} autoComplete="off" value={value} onChange={({ target }) => change(target.value)} />;
  }
  if (kind !== "") return <NameField id={id} kind={kind} value={value} change={change} />;
  return <Input.TextArea id={id} autoSize={{ minRows: 1, maxRows: 12 }} value={value} onChange={({ target }) => change(target.value)} />;
}
