import { Outlet, useParams } from "@tanstack/react-router";

import { BatchDialogs } from "@/features/batches/BatchDialogs";
import { Asked } from "@/shared/look/Asked";
import { useNamedWorkspace } from "@/shared/session/named";
import { WorkspaceProvider } from "@/shared/session/workspace";

/** What all pages of a workspace have around them: the workspace itself, or why it cannot be entered. */
export function WorkspaceFrame() {
  const { workspace: name } = useParams({ from: "/signed-in/w/$workspace" });
  const { query, here } = useNamedWorkspace(name);
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
