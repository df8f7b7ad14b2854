import { Button, Flex, Modal, Typography } from "antd";

import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** The names of which no online task was found; it takes the place of the dialog. */
export function Unmatched({ names, back }: { names: readonly string[]; back: () => void }) {
  const said = useWords(words);
  return (
    <Modal
      open
      title={said.unmatched}
      width={width.dialog}
      onCancel={back}
      footer={
        <Button type="primary" autoFocus onClick={back}>
          {said.gotIt}
        </Button>
      }
    >
      <Flex vertical gap="small">
        <Typography.Text type="secondary">{said.unmatchedText}</Typography.Text>
        <ul className="listed">
          {names.map((name) => (
            <li key={name} className="beside">
              {name}
            </li>
          ))}
        </ul>
      </Flex>
    </Modal>
  );
}
