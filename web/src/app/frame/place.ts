import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";

import { useMe } from "@/shared/session/session";

const KEPT_AS = "jobferry.workspace";

/** The workspace of the address; on pages without one, where the reader was last, or else the first. */
export function useCurrentPlace(): string | undefined {
  const { workspace } = useParams({ strict: false });
  const places = useMe().workspaces.map((place) => place.name);
  useEffect(() => {
    if (workspace !== undefined && places.includes(workspace)) localStorage.setItem(KEPT_AS, workspace);
  }, [workspace, places]);
  if (workspace !== undefined) return workspace;
  const last = localStorage.getItem(KEPT_AS);
  return places.find((place) => place === last) ?? places[0];
}
