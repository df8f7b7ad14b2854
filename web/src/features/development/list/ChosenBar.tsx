import { Button, Dropdown, Flex, Typography } from "antd";
import { useState } from "react";

import { ExportDialog } from "@/shared/export/ExportDialog";
import { isVersioned, type ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useMay } from "@/shared/session/workspace";

import { BulkDialog } from "./BulkDialog";
import type { BulkAct } from "./command";
import { MOST_PICKED, usePicked } from "./picked";
import { easydata, words } from "./words";

type Dialog = BulkAct | "export";

/** What can be done with all that is ticked. */
export function ChosenBar({ kind }: { kind: ObjectKind }) {
  const said = useManualWords(words, easydata);
  const picked = usePicked();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const acts = useActs(kind);
  const mayExport = useMay("export") && isVersioned(kind);
  if (!picked.isOn) return null;
  const count = picked.names.length + picked.directories.length;
  const close = (): void => setDialog(null);
  return (
    <Flex gap="small" align="center" wrap role="group" aria-label={said.chosen(count)}>
      <Typography.Text strong>{said.chosen(count)}</Typography.Text>
      {mayExport && (
        <Button type="primary" disabled={count === 0} onClick={() => setDialog("export")}>
          {kind === "job" ? said.exportChosen : said.exportScripts}
        </Button>
      )}
      {acts.length > 0 && (
        <Dropdown
          trigger={["click"]}
          disabled={picked.names.length === 0}
          menu={{ items: acts.map((act) => ({ key: act, label: said[act], danger: act === "delete" })), onClick: ({ key }) => setDialog(key as Dialog) }}
        >
          <Button>{said.more}</Button>
        </Dropdown>
      )}
      <Button type="text" disabled={count === 0} onClick={picked.clear}>
        {said.unpick}
      </Button>
      {picked.names.length >= MOST_PICKED && <Typography.Text type="warning">{said.most(MOST_PICKED)}</Typography.Text>}
      {dialog === "export" && <ExportDialog names={{ [kind]: picked.names }} directories={picked.directories} kind={kind} close={close} />}
      {dialog !== null && dialog !== "export" && (
        <BulkDialog
          kind={kind}
          act={dialog}
          names={picked.names}
          close={() => {
            if (dialog === "delete") picked.clear();
            close();
          }}
        />
      )}
    </Flex>
  );
}

function useActs(kind: ObjectKind): BulkAct[] {
  const mayOperate = useMay("job-operate") && kind === "job";
  const mayEdit = useMay(kind === "job" ? "job-edit" : "library-edit");
  const mayDelete = useMay(kind === "job" ? "job-delete" : "library-edit");
  const acts: [BulkAct, boolean][] = [
    ["start", mayOperate],
    ["stop", mayOperate],
    ["submit", mayEdit && isVersioned(kind)],
    ["unlock", useMay("lock-operate") && isVersioned(kind)],
    ["tag", mayEdit && kind === "job"],
    ["untag", mayEdit && kind === "job"],
    ["move", mayEdit && kind !== "cdm"],
    ["delete", mayDelete],
  ];
  return acts.filter(([, may]) => may).map(([act]) => act);
}
