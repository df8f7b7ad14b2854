import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Flex, Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ExportDialog } from "@/shared/export/ExportDialog";
import { WorkspaceExportDialog } from "@/shared/export/WorkspaceExportDialog";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { withMoments } from "@/shared/table/moments";
import { useTimes } from "@/shared/words/times";

import { useColumns } from "./columns";
import { namesOf, type Change } from "./filters";
import { useSelected } from "./selected";
import { useFilters } from "./useFilters";
import { easydata, words } from "./words";

/** What happened to jobs and scripts while change management was on, and the way out for it. */
export function ChangesPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const isOn = settings["change_management"] === "true";
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>{isOn && <Exports />}</PageTitle>
      {isOn ? <Changes /> : <Alert type="info" showIcon title={said.off} description={said.offText} />}
      <Command text={isOn ? `jobferry change list -w ${quoted(workspace)}` : `jobferry setting set change_management=true -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function Exports() {
  const said = useManualWords(words, easydata);
  const { keys: selected, clear } = useSelected();
  const [dialog, setDialog] = useState<"chosen" | "workspace" | null>(null);
  const names = namesOf(selected);
  const close = (): void => setDialog(null);
  if (!useMay("export")) return null;
  return (
    <Flex gap="small" wrap>
      {selected.length > 0 && <Button onClick={clear}>{said.clearChosen}</Button>}
      <Button disabled={selected.length === 0} onClick={() => setDialog("chosen")}>
        {said.exportChosen(selected.length)}
      </Button>
      <Button type="primary" onClick={() => setDialog("workspace")}>
        {said.exportWorkspace}
      </Button>
      {dialog === "chosen" && <ExportDialog names={names} kind={names.job.length > 0 ? "job" : "script"} close={close} />}
      {dialog === "workspace" && <WorkspaceExportDialog close={close} />}
    </Flex>
  );
}

function Changes() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const mayExport = useMay("export");
  return (
    <>
      <Since />
      <FilteredTable<Change>
        asked={["objects", workspace, "changes"]}
        filters={useFilters()}
        read={(query) => readChanges(workspace, withMoments(query))}
        columns={useColumns()}
        rowKey={({ number }) => String(number)}
        said={said}
      />
      {mayExport && <Typography.Text type="secondary">{said.only}</Typography.Text>}
    </>
  );
}

function readChanges(workspace: string, query: Record<string, unknown>) {
  return answer(api.GET("/api/workspaces/{workspace}/changes", { params: { path: { workspace }, query } }));
}

/** From when on the record is whole. */
function Since() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  const { data } = useQuery({ queryKey: ["objects", workspace, "changes", "since"], queryFn: () => readChanges(workspace, { limit: 1 }) });
  return data?.since ? <Typography.Text type="secondary">{said.since(time(data.since))}</Typography.Text> : null;
}
