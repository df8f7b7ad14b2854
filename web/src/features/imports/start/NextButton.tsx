import type { UseMutationResult } from "@tanstack/react-query";
import { Button, Flex, Form } from "antd";
import type { ReactNode } from "react";

import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";

import { easydata, words } from "./words";

interface Props {
  starting: Pick<UseMutationResult, "isError" | "isPending" | "error">;
  isReady: boolean;
  /** The way back. */
  children: ReactNode;
}

/** Begins the check, or says why it could not be begun. */
export function NextButton({ starting, isReady, children }: Props) {
  const said = useManualWords(words, easydata);
  return (
    <>
      {starting.isError && (
        <Form.Item>
          <Failure error={starting.error} />
        </Form.Item>
      )}
      <Flex gap="small" wrap style={{ marginBottom: space.small }}>
        <Button type="primary" htmlType="submit" disabled={!isReady} loading={starting.isPending}>
          {said.next}
        </Button>
        {children}
      </Flex>
    </>
  );
}
