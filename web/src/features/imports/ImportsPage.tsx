import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Flex, Grid, Typography } from "antd";
import type { TableProps } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { LongName } from "@/shared/look/LongName";
import { PageTitle } from "@/shared/look/PageTitle";
import { Marked } from "@/shared/look/Marked";
import { space, width } from "@/shared/look/tokens";
import { STATES, StateTag, stateWords } from "@/shared/imports/StateTag";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { keys, readImports, type ImportHead } from "./api";
import { RunningImport } from "./RunningImport";
import { easydata, words } from "./words";

const EVERY_MS = 10_000;

/** Every import of the workspace, whatever it was asked for with. */
export function ImportsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const states = useWords(stateWords);
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        <ImportButtons />
      </PageTitle>
      <RunningImport />
      <FilteredTable<ImportHead>
        asked={keys.list(workspace)}
        filters={[
          { key: "name", label: said.name },
          { key: "state", label: said.state, any: said.allStates, options: STATES.map((value) => ({ value, label: states[value] })) },
        ]}
        read={(query) => readImports(workspace, query)}
        columns={useColumns()}
        rowKey={(row) => row.id}
        said={said}
        refetchInterval={EVERY_MS}
      />
      <Command text={`jobferry receipt list -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function ImportButtons() {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  if (!useMay("import")) return null;
  return (
    <Flex gap="small" wrap>
      {settings["change_management"] === "true" && (
        <Link to="/w/$workspace/imports/new" params={{ workspace }} search={{ act: "import-workspace-job" }}>
          <Button tabIndex={-1}>{said.importWorkspaceJob}</Button>
        </Link>
      )}
      <Link to="/w/$workspace/imports/new" params={{ workspace }}>
        <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
          {said.importJob}
        </Button>
      </Link>
    </Flex>
  );
}

function useColumns(): NonNullable<TableProps<ImportHead>["columns"]> {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  const isNarrow = Grid.useBreakpoint().md === false;
  return [
    {
      title: said.package,
      key: "package",
      render: (_, row) => (
        <Flex vertical>
          <Link to="/w/$workspace/imports/$importId" params={{ workspace, importId: row.id }} className="beside">
            {row.package_name}
          </Link>
          {isNarrow && <Typography.Text type="secondary">{said.who(row.created_by, time(row.created_at))}</Typography.Text>}
          {row.message && <Typography.Text type="secondary"><Marked text={row.message} /></Typography.Text>}
        </Flex>
      ),
    },
    { title: said.state, key: "state", width: width.time, render: (_, row) => <StateTag of={row} /> },
    { title: said.by, dataIndex: "created_by", width: width.person, responsive: ["md"], render: (name: string) => <LongName name={name} /> },
    { title: said.with, dataIndex: "origin", width: width.tag, responsive: ["lg"], render: (origin: ImportHead["origin"]) => said[origin] },
    { title: said.began, dataIndex: "created_at", width: width.time, responsive: ["md"], render: time },
  ];
}
