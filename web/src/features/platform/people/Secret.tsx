import { Alert, Descriptions, Flex, Modal, Typography } from "antd";

import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

interface Props {
  title: string;
  /** What is shown, by its label. */
  secrets: Readonly<Record<string, string>>;
  isFileGone: boolean;
  close: () => void;
}

/** A secret that was just made, this once. */
export function Secret({ title, secrets, isFileGone, close }: Props) {
  const said = useWords(words);
  const items = Object.entries(secrets).map(([label, text]) => ({
    key: label,
    label,
    children: (
      <Typography.Text code copyable className="beside">
        {text}
      </Typography.Text>
    ),
  }));
  return (
    <Modal open title={title} width={width.dialog} closable={false} mask={{ closable: false }} okText={said.keep} onOk={close} footer={(_, { OkBtn }) => <OkBtn />}>
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={said.once} {...(isFileGone ? { description: said.fileGone } : {})} />
        <Descriptions column={1} size="small" layout="vertical" items={items} />
      </Flex>
    </Modal>
  );
}
