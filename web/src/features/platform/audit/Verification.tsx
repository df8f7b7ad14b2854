import { SafetyOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Flex } from "antd";

import { answer, api } from "@/shared/api/client";
import { Command } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** Has every row looked at, and says whether one was changed or is gone. */
export function Verification() {
  const said = useWords(words);
  const verifying = useMutation({ mutationFn: () => answer(api.GET("/api/audit/verification")) });
  const seen = verifying.data;
  return (
    <Flex vertical gap="small" align="start">
      <Button icon={<SafetyOutlined aria-hidden />} loading={verifying.isPending} onClick={() => verifying.mutate()}>
        {said.verify}
      </Button>
      {verifying.isError && <Failure error={verifying.error} />}
      {seen?.fault === null && <Alert type="success" showIcon title={said.whole(seen.rows)} />}
      {seen?.fault && (
        <Alert
          type="error"
          showIcon
          title={said.broken(seen.fault.number)}
          description={
            <Flex vertical gap="small">
              <span>{said[seen.fault.breach]}</span>
              <span>{said.brokenText}</span>
              <Command text="jobferry audit accept --reason TEXT" />
            </Flex>
          }
        />
      )}
    </Flex>
  );
}
