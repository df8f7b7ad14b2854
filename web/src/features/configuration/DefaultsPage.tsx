import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Flex } from "antd";

import { answer, api } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { useMe } from "@/shared/session/session";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { WORKSPACE_GROUPS } from "@/shared/settings/names";
import { Settings } from "@/shared/settings/Settings";

import { easydata, words } from "./words";

/** The settings of a workspace: what each does, what it shows in the console, and who set it. */
export function DefaultsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const me = useMe();
  const queries = useQueryClient();
  const params = { path: { workspace } };
  const query = useQuery({ queryKey: ["settings", workspace], queryFn: () => answer(api.GET("/api/workspaces/{workspace}/settings", { params })) });
  const mine = new Set([...(me.workspaces.find((place) => place.name === workspace)?.roles ?? []), ...(me.operations ? ["operations" as const] : [])]);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.defaults} />
      <Asked query={query}>
        {(settings) => (
          <Settings
            settings={settings}
            groups={WORKSPACE_GROUPS}
            mayEdit={({ set_by }) => !me.read_only && set_by.some((role) => mine.has(role))}
            whose={`-w ${quoted(workspace)}`}
            send={(body) => api.PATCH("/api/workspaces/{workspace}/settings", { params, body })}
            changed={() => {
              void queries.invalidateQueries({ queryKey: ["settings", workspace] });
              void queries.invalidateQueries({ queryKey: ["workspace", workspace] });
            }}
            shows={{ change_management: said.showsChanges, mode: said.showsReleases, review: said.showsReviews, profile: said.showsProfile }}
          />
        )}
      </Asked>
    </Flex>
  );
}
