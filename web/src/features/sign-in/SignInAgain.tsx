import { Modal, Typography } from "antd";

import { useWords } from "@/shared/words/words";

import { SignInForm } from "./SignInForm";
import { words } from "./words";

/** Lies over the page of somebody whose session has ended; the page stays as it is. */
export function SignInAgain({ name }: { name: string }) {
  const said = useWords(words);
  return (
    <Modal open closable={false} footer={null} title={said.again} keyboard={false} mask={{ closable: false }}>
      <Typography.Paragraph type="secondary">{said.againText}</Typography.Paragraph>
      <SignInForm name={name} />
    </Modal>
  );
}
