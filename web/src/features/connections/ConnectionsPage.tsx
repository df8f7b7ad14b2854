import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Badge, Button, Empty, Flex, Input, Select, Typography, type TableProps } from "antd";
import { useState } from "react";

import { readConnections, keys, type Connection } from "@/shared/connections/api";
import { ConnectionDialog } from "@/shared/connections/ConnectionDialog";
import { TYPES } from "@/shared/connections/fields";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";

import { easydata, words } from "./words";

/** The connections of a workspace; their secrets are nowhere to be seen. */
export function ConnectionsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const [isMaking, setMaking] = useState(false);
  const filters = { name: address["name"], type: address["type"] };
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        {useMay("library-edit") && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
            {said.create}
          </Button>
        )}
      </PageTitle>
      <Filters />
      <PagedTable<Connection>
        asked={[...keys.all(workspace), "list", query]}
        read={(page) => readConnections(workspace, { ...query, ...page })}
        columns={useColumns()}
        rowKey={({ name }) => name}
        empty={<Nothing isFiltered={Object.keys(query).length > 0} />}
      />
      <Command text={`jobferry connection list -w ${quoted(workspace)}`} />
      {isMaking && <ConnectionDialog done={() => setMaking(false)} close={() => setMaking(false)} />}
    </Flex>
  );
}

function Filters() {
  const said = useManualWords(words, easydata);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={address["name"] ?? ""}
        allowClear
        aria-label={said.search}
        placeholder={said.search}
        defaultValue={address["name"]}
        onSearch={(name) => change({ name, page: "" })}
        style={{ maxWidth: width.form }}
      />
      <Select
        aria-label={said.type}
        value={address["type"] ?? ""}
        options={[{ value: "", label: said.allTypes }, ...TYPES.map((value) => ({ value, label: value }))]}
        onChange={(type) => change({ type, page: "" })}
        popupMatchSelectWidth={false}
      />
    </Flex>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  if (isFiltered) {
    return (
      <Empty description={said.noneFit}>
        <Button onClick={() => change({ name: "", type: "", page: "" })}>{said.clear}</Button>
      </Empty>
    );
  }
  return (
    <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>
      <Typography.Text type="secondary">{said.noneText}</Typography.Text>
    </Empty>
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
