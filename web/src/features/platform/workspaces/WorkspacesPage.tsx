import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Flex, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { NewWorkspaceDialog } from "./NewWorkspaceDialog";
import { words } from "./words";

type Workspace = Schemas["WorkspaceAnswer"];

/** The workspaces that the reader may enter; operations makes new ones. */
export function WorkspacesPage() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [isMaking, make] = useState(false);
  const mayMake = useMe().actions.includes("workspace-create");
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title}>
        {mayMake && (
          <Button type="primary" onClick={() => make(true)}>
            {said.add}
          </Button>
        )}
      </PageTitle>
      <FilteredTable<Workspace>
        asked={["workspaces"]}
        filters={[{ key: "name", label: said.search }]}
        read={(query) => answer(api.GET("/api/workspaces", { params: { query } }))}
        columns={useColumns()}
        rowKey={({ id }) => id}
        said={said}
      />
      <Command text="jobferry workspace list" />
      {isMaking && (
        <NewWorkspaceDialog
          close={() => make(false)}
          done={() => {
            make(false);
            void queries.invalidateQueries({ queryKey: ["workspaces"] });
            void queries.invalidateQueries({ queryKey: ["me"] });
          }}
        />
      )}
    </Flex>
  );
}

function useColumns(): NonNullable<TableProps<Workspace>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  return [
    {
      title: said.name,
      key: "name",
      render: (_, { name, description }) => (
        <Flex vertical>
          <Link to="/w/$workspace/jobs" params={{ workspace: name }} className="beside">
            {name}
          </Link>
          <Typography.Text type="secondary" className="beside">
            {description}
          </Typography.Text>
        </Flex>
      ),
    },
    { title: said.profile, key: "profile", width: width.kind, responsive: ["sm"], render: (_, { settings }) => said[(settings["profile"] ?? "factory") as "factory"] },
    { title: said.made, key: "made", responsive: ["md"], render: (_, row) => said.by(row.created_by, time(row.created_at)) },
    {
      key: "acts",
      width: width.tag,
      render: (_, { name }) => (
        <Link to="/w/$workspace/configuration/defaults" params={{ workspace: name }} aria-label={`${said.configure}: ${name}`}>
          {said.configure}
        </Link>
      ),
    },
  ];
}
