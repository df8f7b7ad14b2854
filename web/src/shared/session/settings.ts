import { queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/shared/api/client";

type Workspace = Schemas["WorkspaceAnswer"];

/** How a workspace is asked for. */
export function workspaceQuery(workspace: string) {
  return queryOptions({
    queryKey: ["workspace", workspace],
    queryFn: () => answer(api.GET("/api/workspaces/{workspace}", { params: { path: { workspace } } })),
  });
}

/** How the platform's settings are asked for. */
export const settingsQuery = queryOptions({ queryKey: ["settings"], queryFn: () => answer(api.GET("/api/settings")) });

/** A workspace with the values of its settings that hold. */
export function useWorkspaceQuery(workspace: string | undefined): UseQueryResult<Workspace> {
  return useQuery({ ...workspaceQuery(workspace ?? ""), enabled: workspace !== undefined });
}

/** The platform's settings that hold, by key; empty until they are here. */
export function usePlatformSettings(): Record<string, string> {
  const { data = [] } = useQuery(settingsQuery);
  return Object.fromEntries(data.map((setting) => [setting.key, setting.value]));
}
