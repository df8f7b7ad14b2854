import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge, Button, Flex, type TableProps } from "antd";
import { useState } from "react";

import { readConnections, keys, type Connection } from "@/shared/connections/api";
import { ConnectionDialog } from "@/shared/connections/ConnectionDialog";
import { TYPES } from "@/shared/connections/fields";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";

import { ExportDialog, ImportDialog } from "./PackageDialogs";
import { easydata, words } from "./words";

type Dialog = "create" | "export" | "import";

/** The connections of a workspace; their secrets are nowhere to be seen. */
export function ConnectionsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  const done = (): void => {
    close();
    void queries.invalidateQueries({ queryKey: keys.all(workspace) });
  };
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        <Acts open={setDialog} />
      </PageTitle>
      <FilteredTable<Connection>
        asked={[...keys.all(workspace), "list"]}
        filters={[
          { key: "name", label: said.search },
          { key: "type", label: said.type, any: said.allTypes, options: TYPES.map((value) => ({ value, label: value })) },
        ]}
        read={(query) => readConnections(workspace, query)}
        columns={useColumns()}
        rowKey={({ name }) => name}
        said={said}
      />
      <Command text={`jobferry connection list -w ${quoted(workspace)}`} />
      {dialog === "create" && <ConnectionDialog done={close} close={close} />}
      {dialog === "export" && <ExportDialog close={close} />}
      {dialog === "import" && <ImportDialog done={done} close={close} />}
    </Flex>
  );
}

function Acts({ open }: { open: (dialog: Dialog) => void }) {
  const said = useManualWords(words, easydata);
  const mayEdit = useMay("library-edit");
  const mayExport = useMay("export");
  return (
    <Flex gap="small" wrap>
      {mayEdit && (
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open("create")}>
          {said.create}
        </Button>
      )}
      {mayExport && <Button onClick={() => open("export")}>{said.export}</Button>}
      {mayEdit && <Button onClick={() => open("import")}>{said.import}</Button>}
    </Flex>
  );
}

function useColumns(): NonNullable<TableProps<Connection>["columns"]> {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  return [
    {
      title: said.name,
      key: "name",
      render: (_, { name }) => (
        <Link to="/w/$workspace/connections/$name" params={{ workspace, name }} className="beside">
          {name}
        </Link>
      ),
    },
    { title: said.type, dataIndex: "type", width: width.tag },
    {
      title: said.state,
      key: "state",
      width: width.kind,
      render: (_, { incomplete }) => (incomplete ? <Badge status="warning" text={said.incomplete} /> : said.complete),
    },
    {
      title: said.description,
      key: "description",
      responsive: ["md"],
      render: (_, { document }) => <span className="beside">{typeof document["description"] === "string" ? document["description"] : ""}</span>,
    },
  ];
}
