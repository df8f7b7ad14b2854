import { AutoComplete, Flex, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";

import { useManualWords } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { FAIL_POLICIES, easydata as policyEasyData, words as policyWords } from "../../failPolicies";
import { rawAt, valueAt, withValue } from "../document";
import { behind, formerOf, nodeNames, withFormer, withName } from "./nodeEdits";
import { Properties } from "./Properties";
import { NODE_TYPES } from "./types";
import { words } from "./words";

export interface Part {
  text: string;
  change: (text: string) => void;
}

/** Lowest and highest value of a node's numbers, as the platform judges them (``RANGES`` in ``model/document/node.py``). */
const RANGES = { retryTimes: [0, 5], retryInterval: [5, 120], maxExecutionTime: [5, 1440], pollingInterval: [1, 60] } as const;
const NUMBERS = ["retryTimes", "retryInterval", "maxExecutionTime", "pollingInterval"] as const;

/** One node: each field changes its own value of the text, and nothing else. */
export function NodeForm({ index, text, change }: Part & { index: number }) {
  const said = useWords(words);
  const policies = useManualWords(policyWords, policyEasyData);
  const type = valueAt(text, ["nodes", index, "type"]);
  return (
    <div className="node-form">
      <NameField index={index} text={text} change={change} />
      <Form.Item label={said.type} htmlFor="node-type">
        <AutoComplete
          id="node-type"
          value={type}
          options={NODE_TYPES.map((value) => ({ value }))}
          showSearch={{ filterOption: (typed, option) => typed === type || String(option?.value).toLowerCase().includes(typed.toLowerCase()) }}
          onChange={(next: string) => change(withValue(text, ["nodes", index, "type"], next))}
        />
      </Form.Item>
      <FormerField index={index} text={text} change={change} />
      <Properties key={type} index={index} text={text} change={change} />
      <Flex gap="middle" wrap>
        {NUMBERS.map((key) => (
          <NumberField key={key} name={key} index={index} text={text} change={change} />
        ))}
      </Flex>
      <Form.Item label={said.failPolicy} htmlFor="node-fail">
        <Select
          id="node-fail"
          value={valueAt(text, ["nodes", index, "failPolicy"])}
          options={[{ value: "", label: said.asDefault }, ...FAIL_POLICIES.map((value) => ({ value, label: policies[value] }))]}
          onChange={(policy) => change(withValue(text, ["nodes", index, "failPolicy"], policy || undefined))}
        />
      </Form.Item>
    </div>
  );
}

/** Takes a name once it is whole: while it is typed it may for a moment be another node's. */
function NameField({ index, text, change }: Part & { index: number }) {
  const said = useWords(words);
  const names = nodeNames(text);
  const [typed, type] = useState(names[index] ?? "");
  const name = typed.trim();
  const wrong = name === "" ? said.nameMissing : names.some((other, place) => place !== index && other === name) ? said.nameTaken : "";
  const take = (): void => {
    if (wrong === "") change(withName(text, index, name));
  };
  return (
    <Form.Item label={said.name} htmlFor="node-name" required extra={said.nameText} {...(wrong ? { validateStatus: "error", help: wrong } : {})}>
      <Input id="node-name" value={typed} onChange={({ target }) => type(target.value)} onBlur={take} onPressEnter={take} />
    </Form.Item>
  );
}

function FormerField({ index, text, change }: Part & { index: number }) {
  const said = useWords(words);
  const names = nodeNames(text);
  const later = behind(text, names[index] ?? "");
  const former = formerOf(text, index);
  return (
    <Form.Item label={said.former} htmlFor="node-former" extra={said.formerText}>
      <Select
        id="node-former"
        mode="multiple"
        value={former}
        options={names.filter((name) => !later.has(name) || former.includes(name)).map((value) => ({ value, label: value }))}
        onChange={(next: string[]) => change(withFormer(text, index, next))}
      />
    </Form.Item>
  );
}

function NumberField({ name, index, text, change }: Part & { name: (typeof NUMBERS)[number]; index: number }) {
  const said = useWords(words);
  const [min, max] = RANGES[name];
  const value = rawAt(text, ["nodes", index, name]);
  const number = typeof value === "number" ? value : Number.parseInt(String(value), 10);
  return (
    <Form.Item label={said[name]} htmlFor={`node-${name}`}>
      <InputNumber
        id={`node-${name}`}
        min={min}
        max={max}
        precision={0}
        value={Number.isNaN(number) ? null : number}
        onChange={(next) => next !== number && change(withValue(text, ["nodes", index, name], next ?? undefined))}
      />
    </Form.Item>
  );
}
