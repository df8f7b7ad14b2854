import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Empty, Flex, Input, Select, Typography } from "antd";
import type { TableProps } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { LongName } from "@/shared/look/LongName";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { STATES, StateTag, stateWords } from "@/shared/imports/StateTag";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
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
  const [address] = useAddress();
  const filters = { state: address["state"], name: address["name"] };
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        <ImportButtons />
      </PageTitle>
      <RunningImport />
      <Filters />
      <PagedTable<ImportHead>
        asked={[...keys.list(workspace), filters]}
        read={(page) => readImports(workspace, { ...query, ...page })}
        columns={useColumns()}
        rowKey={(row) => row.id}
        empty={<Nothing isFiltered={Object.keys(query).length > 0} />}
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

function Filters() {
  const said = useManualWords(words, easydata);
  const states = useWords(stateWords);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        allowClear
        placeholder={said.name}
        aria-label={said.name}
        defaultValue={address["name"]}
        onSearch={(name) => change({ name, page: "" })}
        style={{ maxWidth: width.form }}
      />
      <Select
        aria-label={said.state}
        value={address["state"] ?? ""}
        options={[{ value: "", label: said.allStates }, ...STATES.map((value) => ({ value, label: states[value] }))]}
        onChange={(state) => change({ state, page: "" })}
        popupMatchSelectWidth={false}
      />
    </Flex>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  if (!isFiltered) {
    return (
      <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>
        <Typography.Paragraph type="secondary">{said.noneText}</Typography.Paragraph>
      </Empty>
    );
  }
  return (
    <Empty description={said.noneFit}>
      <Button onClick={() => change({ name: "", state: "", page: "" })}>{said.clear}</Button>
    </Empty>
  );
}

function useColumns(): NonNullable<TableProps<ImportHead>["columns"]> {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  return [
    {
      title: said.package,
      key: "package",
      render: (_, row) => (
        <Flex vertical>
          <Link to="/w/$workspace/imports/$importId" params={{ workspace, importId: row.id }} className="beside">
            {row.package_name}
          </Link>
          {row.message && <Typography.Text type="secondary">{row.message}</Typography.Text>}
        </Flex>
      ),
    },
    { title: said.state, key: "state", width: width.time, render: (_, row) => <StateTag of={row} /> },
    { title: said.by, dataIndex: "created_by", width: width.person, responsive: ["md"], render: (name: string) => <LongName name={name} /> },
    { title: said.with, dataIndex: "origin", width: width.tag, responsive: ["lg"], render: (origin: ImportHead["origin"]) => said[origin] },
    { title: said.began, dataIndex: "created_at", width: width.time, responsive: ["md"], render: time },
  ];
}
