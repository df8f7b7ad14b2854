import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Dropdown, Flex, type MenuProps } from "antd";
import { useState } from "react";

import { ExportDialog } from "@/shared/export/ExportDialog";
import { NamesDialog } from "@/shared/export/NamesDialog";
import { WorkspaceExportDialog } from "@/shared/export/WorkspaceExportDialog";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { DirectoryDialog, type DirectoryAct } from "./DirectoryDialog";
import { usePicked } from "./picked";
import { ROOT } from "./tree";
import { easydata, words } from "./words";

/** The keys of imports in the menu; the second is also what the platform calls that act. */
const IMPORT_JOB = "import-job";
const WORKSPACE_JOB = "import-workspace-job";

type Dialog = DirectoryAct | "export" | "workspace" | "names";

/** What can be done in a list as a whole: the menu that the manual puts above the tree. */
export function ListMenu({ kind }: { kind: ObjectKind }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const go = useNavigate();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [address] = useAddress();
  const picked = usePicked();
  const mayMake = useMay(kind === "job" ? "job-create" : "library-edit");
  const close = (): void => setDialog(null);
  const act = (key: string): void => {
    if (key === "boxes") picked.toggle();
    else if (key === IMPORT_JOB || key === WORKSPACE_JOB) {
      const search = key === WORKSPACE_JOB ? { act: key } : kind === "script" ? { kind } : {};
      void go({ to: "/w/$workspace/imports/new", params: { workspace }, search });
    }
    else setDialog(key as Dialog);
  };
  return (
    <Flex gap="small">
      {mayMake && (
        <Link to="/w/$workspace/new/$kind" params={{ workspace, kind }} search={address["directory"] ? { directory: address["directory"] } : {}}>
          <Button type="primary" icon={<PlusOutlined aria-hidden />} tabIndex={-1}>
            {said.create}
          </Button>
        </Link>
      )}
      <Dropdown trigger={["click"]} menu={{ items: useItems(kind), onClick: ({ key }) => act(key) }}>
        <Button icon={<MoreOutlined />} aria-label={said.menu} />
      </Dropdown>
      {dialog === "export" && <ExportDialog names={{ [kind]: picked.names }} directories={picked.directories} kind={kind} close={close} />}
      {dialog === "workspace" && <WorkspaceExportDialog kind={kind === "script" ? kind : "job"} close={close} />}
      {dialog === "names" && <NamesDialog kind={kind} close={close} />}
      {(dialog === "create" || dialog === "rename" || dialog === "move" || dialog === "delete") && (
        <DirectoryDialog kind={kind} act={dialog} path={address["directory"] ?? ROOT} close={close} />
      )}
    </Flex>
  );
}

function useItems(kind: ObjectKind): NonNullable<MenuProps["items"]> {
  const said = useManualWords(words, easydata);
  const { settings } = useWorkspace();
  const [address] = useAddress();
  const { isOn, names, directories } = usePicked();
  const mayImport = useMay("import") && (kind === "job" || kind === "script");
  const isRecorded = settings["change_management"] === "true";
  const mayExport = useMay("export") && (kind === "job" || kind === "script");
  const mayMake = useMay(kind === "job" ? "job-create" : "library-edit") && kind !== "cdm";
  const isRoot = !address["directory"];
  const isEmpty = names.length + directories.length === 0;
  return [
    { key: "boxes", label: isOn ? said.hideBoxes : said.showBoxes },
    ...(mayExport
      ? [
          { key: "export", label: kind === "job" ? said.exportChosen : said.exportScripts, disabled: isEmpty },
          { key: "names", label: said.exportNames },
          ...(isRecorded ? [{ key: "workspace", label: kind === "job" ? said.exportWorkspace : said.exportWorkspaceScripts }] : []),
        ]
      : []),
    ...(mayImport
      ? [
          { type: "divider" as const },
          { key: IMPORT_JOB, label: kind === "job" ? said.importJob : said.importScripts },
          ...(isRecorded ? [{ key: WORKSPACE_JOB, label: said.importWorkspaceJob }] : []),
        ]
      : []),
    ...(mayMake
      ? [
          { type: "divider" as const },
          { key: "create", label: said.newDirectory },
          { key: "rename", label: said.renameDirectory, disabled: isRoot },
          { key: "move", label: said.moveDirectory, disabled: isRoot },
          { key: "delete", label: said.deleteDirectory, danger: true, disabled: isRoot },
        ]
      : []),
  ];
}
