import { useMutation } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input } from "antd";
import { useState } from "react";

import { api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { Failure } from "@/shared/look/Failure";
import { width } from "@/shared/look/tokens";
import { useMe, useSession } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** Changes the reader's password, or ends their sessions: in both cases they sign in anew. */
export function Password() {
  const said = useWords(words);
  const { name } = useMe();
  const { message } = App.useApp();
  const session = useSession();
  const [isEnding, end] = useState(false);
  const changing = useMutation({
    mutationFn: (body: { current: string; new: string }) => api.PUT("/api/me/password", { body }),
    onSuccess: () => {
      void message.success(said.changed);
      session.askAgain();
    },
  });
  return (
    <Card size="small" title={said.ownPassword}>
      <Form<{ current: string; new: string }> layout="vertical" requiredMark={false} onFinish={(body) => changing.mutate(body)} style={{ maxWidth: width.form }}>
        <input hidden readOnly autoComplete="username" value={name} />
        <Form.Item name="current" label={said.current} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="new" label={said.next} extra={said.passwordRule} rules={[{ required: true }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Flex vertical gap="middle">
          {changing.isError && <Failure error={changing.error} />}
          <Flex gap="small" wrap>
            <Button htmlType="submit" type="primary" loading={changing.isPending}>
              {said.change}
            </Button>
            <Button onClick={() => end(true)}>{said.endAll}</Button>
          </Flex>
        </Flex>
      </Form>
      {isEnding && (
        <ActDialog title={said.endAllTitle} ok={said.endAll} act={() => api.DELETE("/api/sessions")} done={session.askAgain} close={() => end(false)} command="jobferry user sign-out">
          {said.endAllText}
        </ActDialog>
      )}
    </Card>
  );
}
