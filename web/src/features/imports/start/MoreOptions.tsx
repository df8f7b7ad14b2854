import { MinusCircleOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Collapse, Flex, Form, Input, Radio, Select } from "antd";
import { useState } from "react";

import { useManualWords } from "@/shared/session/workspace";

import type { Said } from "./options";
import { easydata, words } from "./words";

const ZONES = Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }));

/** What else can be said of an import: who runs the jobs here, parameters, the time zone; folded until it is wanted or was said. */
export function MoreOptions({ isMoved }: { isMoved: boolean }) {
  const said = useManualWords(words, easydata);
  const form = Form.useFormInstance<Said>();
  const [isSaid] = useState(() => {
    const { executeUser, timeZone, params = [] } = form.getFieldsValue(true) as Said;
    return Boolean(executeUser ?? timeZone) || params.length > 0;
  });
  return (
    <Form.Item>
      <Collapse
        defaultActiveKey={isSaid ? ["more"] : []}
        items={[
          {
            key: "more",
            forceRender: true,
            label: said.more,
            children: (
              <>
                <Form.Item name="executeUser" label={said.executeUser} extra={said.executeUserText}>
                  <Input allowClear />
                </Form.Item>
                <Parameters />
                <Form.Item name="timeZone" label={said.timeZone}>
                  <Select showSearch allowClear aria-label={said.timeZone} placeholder={said.keepZone} options={ZONES} />
                </Form.Item>
                {isMoved && (
                  <Form.Item name="zoneMode" label={said.zoneMode} initialValue="relabel">
                    <Radio.Group>
                      <Radio value="relabel">{said.relabel}</Radio>
                      <Radio value="convert">{said.convert}</Radio>
                    </Radio.Group>
                  </Form.Item>
                )}
              </>
            ),
          },
        ]}
      />
    </Form.Item>
  );
}

/** Values that parameters get here: of every job that defines one, or of a single job. */
function Parameters() {
  const said = useManualWords(words, easydata);
  const required = [{ required: true, message: said.missing }];
  return (
    <Form.Item label={said.params} extra={said.paramsText}>
      <Form.List name="params">
        {(fields, { add, remove }) => (
          <Flex vertical gap="small" align="start">
            {fields.map(({ key, name }) => (
              <Flex key={key} gap="small" wrap>
                <Form.Item name={[name, "name"]} rules={required} noStyle>
                  <Input aria-label={said.paramName} placeholder={said.paramName} className="grows" />
                </Form.Item>
                <Form.Item name={[name, "value"]} noStyle>
                  <Input aria-label={said.paramValue} placeholder={said.paramValue} className="grows" />
                </Form.Item>
                <Form.Item name={[name, "job"]} noStyle>
                  <Input aria-label={said.paramJob} placeholder={said.paramJob} className="grows" />
                </Form.Item>
                <Button type="text" icon={<MinusCircleOutlined />} aria-label={said.removeParam} onClick={() => remove(name)} />
              </Flex>
            ))}
            <Button icon={<PlusOutlined />} onClick={() => add()}>
              {said.addParam}
            </Button>
          </Flex>
        )}
      </Form.List>
    </Form.Item>
  );
}
