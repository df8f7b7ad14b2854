import { useMutation } from "@tanstack/react-query";
import { Flex, Modal } from "antd";
import type { ReactNode } from "react";

import { useWords, type Words } from "@/shared/words/words";

import { Command } from "./Command";
import { Failure } from "./Failure";
import { width } from "./tokens";

const en = { cancel: "Cancel" };
const words: Words<typeof en> = { en, zh: { cancel: "取消" } };

interface Props<T> {
  title: string;
  ok: string;
  act: () => Promise<T>;
  /** Is told what came of it; the dialog stays until this closes it. */
  done: (result: T) => void;
  close: () => void;
  /** Null only while nothing is chosen that a command could say, or where the command line cannot do it. */
  command: string | null;
  isDangerous?: boolean;
  isReady?: boolean;
  children?: ReactNode;
}

/** Asks before something is done: what it is, the command that does the same, and why it could not be done. */
export function ActDialog<T>({ title, ok, act, done, close, command, isDangerous = false, isReady = true, children }: Props<T>) {
  const said = useWords(words);
  const doing = useMutation({ mutationFn: act, onSuccess: done });
  return (
    <Modal
      open
      title={title}
      width={width.dialog}
      okText={ok}
      cancelText={said.cancel}
      okButtonProps={{ danger: isDangerous, disabled: !isReady }}
      confirmLoading={doing.isPending}
      onOk={() => doing.mutate()}
      onCancel={close}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <Flex vertical gap="middle">
        {children}
        {doing.isError && <Failure error={doing.error} />}
        {command !== null && <Command text={command} />}
      </Flex>
    </Modal>
  );
}
