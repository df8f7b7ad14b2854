import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";

import { answer, api, Refusal } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { useSession } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

interface Said {
  password: string;
  twice: string;
}

/** What the link of a first start leads to: a password is chosen, and its user is signed in. */
export function FirstPasswordForm({ link, done }: { link: string; done: () => void }) {
  const said = useWords(words);
  const { begin } = useSession();
  const choosing = useMutation({
    mutationFn: async ({ password }: Said) =>
      begin(await answer(api.POST("/api/session/first", { body: { link, password } }))),
    onSuccess: done,
  });
  if (link === "") return <Alert type="error" showIcon title={said.noLink} />;
  return (
    <Form<Said> layout="vertical" requiredMark={false} onValuesChange={() => choosing.reset()} onFinish={(form) => choosing.mutate(form)}>
      <Form.Item name="password" label={said.password} rules={[{ required: true, message: said.missing }]}>
        <Input.Password autoComplete="new-password" autoFocus />
      </Form.Item>
      <Form.Item
        name="twice"
        label={said.twice}
        dependencies={["password"]}
        rules={[
          { required: true, message: said.missing },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              !value || value === getFieldValue("password") ? Promise.resolve() : Promise.reject(new Error(said.differ)),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {choosing.isError && (
        <Form.Item>
          <Failure error={choosing.error} />
          {isDead(choosing.error) && (
            <Button type="link" block onClick={done}>
              {said.signInAgain}
            </Button>
          )}
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={choosing.isPending}>
        {said.choose}
      </Button>
    </Form>
  );
}

/** Whether the link leads nowhere any more: who used it before has a password, and signs in. */
function isDead(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}
