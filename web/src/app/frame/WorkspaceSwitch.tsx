import { useNavigate } from "@tanstack/react-router";
import { Select } from "antd";

import { sections } from "@/app/navigation";
import { useMe } from "@/shared/session/session";
import { useManualWords } from "@/shared/session/workspace";

import { useCurrentPlace } from "./place";
import { easydata, words } from "./words";

/** Which workspace one is in, and the way into another. */
export function WorkspaceSwitch() {
  const said = useManualWords(words, easydata);
  const { workspaces } = useMe();
  const here = useCurrentPlace();
  const go = useNavigate();
  const enter = (workspace: string): void => {
    const actions = workspaces.find((place) => place.name === workspace)?.actions ?? [];
    const first = sections.flatMap((section) => section.pages).find((page) => actions.includes(page.needs));
    void (first ? go({ to: first.to, params: { workspace } }) : go({ to: "/" }));
  };
  if (workspaces.length === 0) return null;
  return (
    <Select
      aria-label={said.workspace}
      showSearch
      variant="filled"
      value={here ?? null}
      options={workspaces.map((place) => ({ value: place.name, label: place.name }))}
      onChange={enter}
      popupMatchSelectWidth={false}
      className="workspace-switch"
    />
  );
}
