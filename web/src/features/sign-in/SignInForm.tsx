import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";

import { answer, api } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { useSession } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

interface Said {
  name: string;
  password: string;
}

/** Name and password; ``name`` is given where somebody signs in again. */
export function SignInForm({ name = "" }: { name?: string }) {
  const said = useWords(words);
  const { begin } = useSession();
  const signing = useMutation({
    mutationFn: async (body: Said) => begin(await answer(api.POST("/api/session", { body }))),
  });
  const needed = [{ required: true, message: said.missing }];
  return (
    <Form<Said> layout="vertical" requiredMark={false} initialValues={{ name }} onFinish={(form) => signing.mutate(form)}>
      <Form.Item name="name" label={said.name} rules={needed}>
        <Input autoComplete="username" autoFocus={name === ""} />
      </Form.Item>
      <Form.Item name="password" label={said.password} rules={needed}>
        <Input.Password autoComplete="current-password" autoFocus={name !== ""} />
      </Form.Item>
      {signing.isError && (
        <Form.Item>
          <Failure error={signing.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={signing.isPending}>
        {said.signIn}
      </Button>
    </Form>
  );
}
