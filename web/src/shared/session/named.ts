import { useMemo } from "react";

import { useMe } from "./session";
import { useWorkspaceQuery } from "./settings";
import type { Workspace } from "./workspace";

/** A workspace by its name, as soon as the platform has told how it is set. */
export function useNamedWorkspace(name: string | undefined) {
  const me = useMe();
  const query = useWorkspaceQuery(name);
  const found = query.data;
  const here = useMemo<Workspace | null>(() => {
    if (found === undefined) return null;
    const actions = me.workspaces.find((place) => place.id === found.id)?.actions ?? [];
    return { id: found.id, name: found.name, settings: found.settings, actions: new Set(actions) };
  }, [found, me]);
  return { query, here };
}
