import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Flex, Form, Input, Radio } from "antd";

import { width } from "@/shared/look/tokens";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useManualWords } from "@/shared/session/workspace";

import { countAt, valueAt, withItem, withValue } from "./document";
import { FIELDS } from "./fields";
import { NameField } from "./nodes/NameField";
import { NodesForm } from "./nodes/NodesForm";
import { Upstream } from "./Upstream";
import { easydata, words } from "./words";

interface Part {
  text: string;
  change: (text: string) => void;
}

/** A document as a form: each field changes one value of the text. */
export function ObjectForm({ kind, isNew, text, change }: Part & { kind: ObjectKind; isNew: boolean }) {
  const said = useManualWords(words, easydata);
  return (
    <Form layout="vertical" style={{ maxWidth: width.text }}>
      {FIELDS[kind].map(({ key, path, onlyNew }) => (
        <Form.Item key={key} label={said[key]} htmlFor={`field-${key}`} required={key === "name"}>
          {key === "connection" ? (
            <NameField id={`field-${key}`} kind={key} value={valueAt(text, path)} change={(value) => change(withValue(text, path, value))} />
          ) : (
            <Input
              id={`field-${key}`}
              value={valueAt(text, path)}
              disabled={onlyNew === true && !isNew}
              onChange={({ target }) => change(withValue(text, path, target.value))}
            />
          )}
        </Form.Item>
      ))}
      {kind === "job" && (
        <>
          {isNew && <ProcessType text={text} change={change} />}
          <Scheduling text={text} change={change} />
          <Parameters text={text} change={change} />
          <NodesForm text={text} change={change} />
        </>
      )}
    </Form>
  );
}

/** Batch or real-time: said once, when a job is made. */
function ProcessType({ text, change }: Part) {
  const said = useManualWords(words, easydata);
  return (
    <Form.Item label={said.type}>
      <Radio.Group value={valueAt(text, ["processType"]) || "BATCH"} onChange={({ target }) => change(withValue(text, ["processType"], target.value))}>
        <Radio value="BATCH">{said.BATCH}</Radio>
        <Radio value="REAL_TIME">{said.REAL_TIME}</Radio>
      </Radio.Group>
    </Form.Item>
  );
}

const CRON = ["schedule", "cron"];
const EVENT = ["schedule", "event"];
const EVENT_TYPES = ["KAFKA", "DIS", "OBS"];
const ZONES = Intl.supportedValuesOf("timeZone").map((value) => ({ value }));

function Scheduling({ text, change }: Part) {
  const said = useManualWords(words, easydata);
  const type = valueAt(text, ["schedule", "type"]) || "EXECUTE_ONCE";
  const field = (key: "expression" | "start" | "end", name: string, extra?: string) => (
    <Form.Item label={said[key]} htmlFor={`field-${key}`} extra={extra}>
      <Input
        id={`field-${key}`}
        value={valueAt(text, [...CRON, name])}
        onChange={({ target }) => change(withValue(text, [...CRON, name], target.value || undefined))}
      />
    </Form.Item>
  );
  return (
    <>
      <Form.Item label={said.schedule}>
        <Radio.Group value={type} onChange={({ target }) => change(withValue(text, ["schedule", "type"], target.value))}>
          <Radio value="EXECUTE_ONCE">{said.once}</Radio>
          <Radio value="CRON">{said.cron}</Radio>
          <Radio value="EVENT">{said.event}</Radio>
        </Radio.Group>
      </Form.Item>
      {type === "CRON" && (
        <>
          {field("expression", "expression", said.expressionText)}
          <Form.Item label={said.zone} htmlFor="field-zone" extra={said.zoneText}>
            <AutoComplete
              id="field-zone"
              allowClear
              showSearch={{ filterOption: true }}
              options={ZONES}
              value={valueAt(text, [...CRON, "expressionTimeZone"])}
              onChange={(zone?: string) => change(withValue(text, [...CRON, "expressionTimeZone"], zone || undefined))}
            />
          </Form.Item>
          {field("start", "startTime", said.startText)}
          {field("end", "endTime")}
          <Upstream text={text} change={change} />
        </>
      )}
      {type === "EVENT" && (
        <>
          <Form.Item label={said.eventType}>
            <Radio.Group
              options={EVENT_TYPES}
              value={valueAt(text, [...EVENT, "eventType"])}
              onChange={({ target }) => change(withValue(text, [...EVENT, "eventType"], target.value))}
            />
          </Form.Item>
          <Form.Item label={said.channel} htmlFor="field-channel">
            <NameField id="field-channel" kind="stream" value={valueAt(text, [...EVENT, "channel"])} change={(channel) => change(withValue(text, [...EVENT, "channel"], channel || undefined))} />
          </Form.Item>
        </>
      )}
    </>
  );
}

function Parameters({ text, change }: Part) {
  const said = useManualWords(words, easydata);
  const rows = Array.from({ length: countAt(text, ["params"]) }, (_, index) => index);
  return (
    <Form.Item label={said.parameters}>
      <Flex vertical gap="small" align="start">
        {rows.map((row) => (
          <Flex key={row} gap="small" style={{ width: "100%" }}>
            <Input
              aria-label={said.parameter}
              placeholder={said.parameter}
              value={valueAt(text, ["params", row, "name"])}
              onChange={({ target }) => change(withValue(text, ["params", row, "name"], target.value))}
            />
            <Input
              aria-label={said.value}
              placeholder={said.value}
              value={valueAt(text, ["params", row, "value"])}
              onChange={({ target }) => change(withValue(text, ["params", row, "value"], target.value))}
            />
            <Button
              style={{ flex: "none" }}
              icon={<DeleteOutlined aria-hidden />}
              aria-label={said.remove(valueAt(text, ["params", row, "name"]))}
              onClick={() => change(withValue(text, ["params", row], undefined))}
            />
          </Flex>
        ))}
        <Button icon={<PlusOutlined aria-hidden />} onClick={() => change(withItem(text, ["params"], { name: "", value: "", type: "variable" }))}>
          {said.addParameter}
        </Button>
      </Flex>
    </Form.Item>
  );
}
