import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/shared/api/client";

type Workspace = Schemas["WorkspaceAnswer"];

/** A workspace with the values of its settings that hold. */
export function useWorkspaceQuery(workspace: string | undefined): UseQueryResult<Workspace> {
  return useQuery({
    queryKey: ["workspace", workspace],
    queryFn: () => answer(api.GET("/api/workspaces/{workspace}", { params: { path: { workspace: workspace ?? "" } } })),
    enabled: workspace !== undefined,
  });
}

/** The platform's settings that hold, by key; empty until they are here. */
export function usePlatformSettings(): Record<string, string> {
  const { data = [] } = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/api/settings")) });
  return Object.fromEntries(data.map((setting) => [setting.key, setting.value]));
}
