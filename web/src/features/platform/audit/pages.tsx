import { Flex, Typography } from "antd";

import { answer, api } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { AuditTable } from "./AuditTable";
import { Verification } from "./Verification";
import { words } from "./words";

/** What was done or refused on the whole platform, and whether the record of it is whole. */
export function PlatformAuditPage() {
  const said = useWords(words);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title} />
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <Verification />
      <AuditTable asked={["audit"]} isOfPlatform read={(query) => answer(api.GET("/api/audit", { params: { query } }))} />
      <Command text="jobferry audit list --all" />
    </Flex>
  );
}

/** What was done or refused in one workspace. */
export function WorkspaceAuditPage() {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title} />
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <AuditTable
        asked={["audit", workspace]}
        isOfPlatform={false}
        read={(query) => answer(api.GET("/api/workspaces/{workspace}/audit", { params: { path: { workspace }, query } }))}
      />
      <Command text={`jobferry audit list -w ${quoted(workspace)}`} />
    </Flex>
  );
}
