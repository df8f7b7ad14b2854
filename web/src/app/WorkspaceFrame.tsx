import { Outlet, useParams } from "@tanstack/react-router";
import { useMemo } from "react";

import { BatchDialogs } from "@/features/batches/BatchDialogs";
import { Asked } from "@/shared/look/Asked";
import { useMe } from "@/shared/session/session";
import { useWorkspaceQuery } from "@/shared/session/settings";
import { WorkspaceProvider, type Workspace } from "@/shared/session/workspace";

/** What all pages of a workspace have around them: the workspace itself, or why it cannot be entered. */
export function WorkspaceFrame() {
  const { workspace: name } = useParams({ from: "/signed-in/w/$workspace" });
  const me = useMe();
  const query = useWorkspaceQuery(name);
  const found = query.data;
  const here = useMemo<Workspace | null>(() => {
    if (found === undefined) return null;
    const actions = me.workspaces.find((place) => place.id === found.id)?.actions ?? [];
    return { id: found.id, name: found.name, settings: found.settings, actions: new Set(actions) };
  }, [found, me]);
  return (
    <Asked query={query}>
      {() => (
        <WorkspaceProvider value={here}>
          <Outlet key={name} />
          <BatchDialogs key={`batch/${name}`} />
        </WorkspaceProvider>
      )}
    </Asked>
  );
}
