import { Link } from "@tanstack/react-router";

import { useWorkspace } from "@/shared/session/workspace";

import { isObjectKind, pageOf } from "./kinds";

/** The name of a thing; where it has a page in this workspace, the way to it. */
export function ObjectLink({ kind, name, workspace = "" }: { kind: string; name: string; workspace?: string }) {
  const here = useWorkspace().name;
  if (kind === "connection") {
    return (
      <Link to="/w/$workspace/connections/$name" params={{ workspace: workspace || here, name }} className="beside">
        {name}
      </Link>
    );
  }
  if (!isObjectKind(kind)) return <span className="beside">{name}</span>;
  return (
    <Link to={pageOf[kind]} params={{ workspace: workspace || here, name }} className="beside">
      {workspace && workspace !== here ? `${workspace}/${name}` : name}
    </Link>
  );
}
