import { Flex, Typography } from "antd";

import { answer, api } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { AuditTable } from "./AuditTable";
import { Filters } from "./Filters";
import { queryOf } from "./query";
import { Verification } from "./Verification";
import { words } from "./words";

/** What was done or refused on the whole platform, and whether the record of it is whole. */
export function PlatformAuditPage() {
  const said = useWords(words);
  const [address] = useAddress();
  const query = queryOf(address);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title} />
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <Verification />
      <Filters />
      <AuditTable asked={["audit"]} query={query} isOfPlatform read={(page) => answer(api.GET("/api/audit", { params: { query: { ...query, ...page } } }))} />
      <Command text="jobferry audit list --all" />
    </Flex>
  );
}

/** What was done or refused in one workspace. */
export function WorkspaceAuditPage() {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const query = queryOf(address);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title} />
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <Filters />
      <AuditTable
        asked={["audit", workspace]}
        query={query}
        isOfPlatform={false}
        read={(page) => answer(api.GET("/api/workspaces/{workspace}/audit", { params: { path: { workspace }, query: { ...query, ...page } } }))}
      />
      <Command text={`jobferry audit list -w ${quoted(workspace)}`} />
    </Flex>
  );
}
