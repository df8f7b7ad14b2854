import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Flex, Form, Input } from "antd";

import { answer, api } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { useSession } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { goToProvider } from "./provider";
import { words } from "./words";

interface Said {
  name: string;
  password: string;
}

/** The ways in that this platform has; ``name`` is given where somebody signs in again. */
export function SignInForm({ name = "" }: { name?: string }) {
  const methods = useQuery({
    queryKey: ["sign-in", "methods"],
    queryFn: async () => answer(api.GET("/api/session/methods")),
    staleTime: Infinity,
  });
  const password = methods.data?.password ?? !methods.data?.provider;
  return (
    <Flex vertical gap={space.medium}>
      {methods.data?.provider && <ByProvider isFirst={!password} />}
      {password && <ByPassword name={name} />}
    </Flex>
  );
}

function ByProvider({ isFirst }: { isFirst: boolean }) {
  const said = useWords(words);
  const going = useMutation({ mutationFn: goToProvider });
  return (
    <>
      <Button type={isFirst ? "primary" : "default"} block loading={going.isPending} onClick={() => going.mutate()}>
        {said.byProvider}
      </Button>
      {going.isError && <Failure error={going.error} />}
    </>
  );
}

function ByPassword({ name }: { name: string }) {
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
