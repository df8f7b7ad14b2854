import { Flex } from "antd";

import { space } from "@/shared/look/tokens";
import { useWorkspace } from "@/shared/session/workspace";

import { keys, readFindings, type Import } from "../api";
import { Findings } from "../Findings";

/** What a check found. */
export function Mapping({ found }: { found: Import }) {
  const { name: workspace } = useWorkspace();
  return (
    <Flex vertical gap={space.medium}>
      <Findings
        asked={[...keys.one(workspace, found.id), "findings", found.plan_digest]}
        read={(page) => readFindings(workspace, found.id, page)}
        counts={found.check?.findings ?? {}}
      />
    </Flex>
  );
}
