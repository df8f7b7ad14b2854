import { PlusOutlined } from "@ant-design/icons";
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

import { easydata, words } from "./words";

/** The connections of a workspace; their secrets are nowhere to be seen. */
export function ConnectionsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [isMaking, setMaking] = useState(false);
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        {useMay("library-edit") && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
            {said.create}
          </Button>
        )}
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
      {isMaking && <ConnectionDialog done={() => setMaking(false)} close={() => setMaking(false)} />}
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
