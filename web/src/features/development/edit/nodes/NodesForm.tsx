import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Empty, Flex, Form, Popconfirm, Select, Typography } from "antd";
import { useState } from "react";

import { width } from "@/shared/look/tokens";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";
import { useListed } from "@/shared/words/lists";

import { askers, nodeNames, withNode, withoutNode } from "./nodeEdits";
import { NodeForm, type Part } from "./NodeForm";
import { words } from "./words";

/** The nodes of a job, one at a time: begins with the one that was chosen in the graph, if any. */
export function NodesForm({ text, change }: Part) {
  const said = useWords(words);
  const [address] = useAddress();
  const names = nodeNames(text);
  const [chosen, choose] = useState(Math.max(names.indexOf(address["node"] ?? ""), 0));
  const at = Math.min(chosen, names.length - 1);
  const add = (): void => {
    change(withNode(text).text);
    choose(names.length);
  };
  return (
    <Form.Item label={said.nodes}>
      <Flex vertical gap="small">
        <Flex gap="small" wrap>
          {names.length > 0 && (
            <Select
              showSearch={{ optionFilterProp: "label" }}
              aria-label={said.find}
              value={at}
              options={names.map((label, value) => ({ value, label }))}
              onChange={choose}
              style={{ width: width.form, maxWidth: "100%" }}
            />
          )}
          <Button icon={<PlusOutlined aria-hidden />} onClick={add}>
            {said.add}
          </Button>
          {names[at] !== undefined && <Remove name={names[at]} text={text} remove={() => change(withoutNode(text, at))} />}
        </Flex>
        {names.length === 0 ? (
          <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>
            <Typography.Text type="secondary">{said.noneText}</Typography.Text>
          </Empty>
        ) : (
          <NodeForm key={`${at} ${names[at] ?? ""}`} index={at} text={text} change={change} />
        )}
      </Flex>
    </Form.Item>
  );
}

/** Deletes a node, unless others ask for it by its name. */
function Remove({ name, text, remove }: { name: string; text: string; remove: () => void }) {
  const said = useWords(words);
  const listed = useListed();
  const asking = askers(text, name);
  const [isRefused, refuse] = useState(false);
  const button = { icon: <DeleteOutlined aria-hidden />, danger: true, "aria-label": said.remove(name) };
  if (asking.length === 0) {
    return (
      <Popconfirm title={said.removeTitle(name)} description={said.removeText} okText={said.remove(name)} cancelText={said.cancel} onConfirm={remove}>
        <Button {...button} />
      </Popconfirm>
    );
  }
  return (
    <>
      <Button {...button} onClick={() => refuse(true)} />
      {isRefused && <Alert type="warning" showIcon role="alert" title={said.isAsked(name, listed(asking))} closable={{ onClose: () => refuse(false) }} />}
    </>
  );
}
