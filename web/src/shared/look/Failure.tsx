import { Alert, Button, Flex, Typography } from "antd";

import { Refusal } from "@/shared/api/client";
import { useWords, type Words } from "@/shared/words/words";

import { Marked } from "./Marked";

const words = {
  en: {
    unreachable: "The platform does not answer",
    check: "Check the network, or ask whoever runs it. Nothing was sent twice.",
    unexpected: "Something unexpected happened",
    again: "Try again",
  },
  zh: {
    unreachable: "平台没有响应",
    check: "请检查网络，或联系平台的运维人员。没有任何请求被重复发送。",
    unexpected: "发生了意外错误",
    again: "重试",
  },
} satisfies Words<Record<string, string>>;

const NOT_FOUND = 404;

interface Props {
  error: unknown;
  again?: () => void;
}

/** What went wrong, what to do about it, and a way to try again, which brings nothing back that is gone. */
export function Failure({ error, again }: Props) {
  const said = useWords(words);
  const refusal = error instanceof Refusal ? error : null;
  const isUnreachable = refusal?.status === 0;
  const isGone = refusal?.status === NOT_FOUND;
  const title = isUnreachable ? said.unreachable : refusal?.message || said.unexpected;
  const hint = isUnreachable ? said.check : (refusal?.hint ?? "");
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={<Marked text={title} />}
      description={
        <Flex vertical gap="small" align="start">
          {hint && <Typography.Text><Marked text={hint} /></Typography.Text>}
          {refusal?.faults.map((fault) => (
            <Typography.Text key={fault.path + fault.message}>
              {fault.path && <code>{fault.path}</code>} <Marked text={fault.message} />
            </Typography.Text>
          ))}
          {again && !isGone && <Button onClick={again}>{said.again}</Button>}
        </Flex>
      }
    />
  );
}
