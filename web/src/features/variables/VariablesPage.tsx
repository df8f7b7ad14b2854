import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Tag, Typography, type TableProps } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";

import { readVariables, TYPES, type Variable } from "./api";
import { DeleteDialog, ExportDialog } from "./ActDialogs";
import { ImportDialog } from "./ImportDialog";
import { isSecret } from "./secret";
import { VariableDialog } from "./VariableDialog";
import { easydata, words } from "./words";

type Dialog = { act: "edit"; variable: Variable | null } | { act: "delete"; variable: Variable } | { act: "import" } | { act: "export" };

/** The environment variables of a workspace. */
export function VariablesPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  const done = (): void => {
    close();
    void queries.invalidateQueries({ queryKey: ["variables", workspace] });
  };
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title}>
        <Acts open={setDialog} />
      </PageTitle>
      <Typography.Text type="secondary">{said.intro}</Typography.Text>
      <FilteredTable<Variable>
        asked={["variables", workspace]}
        filters={[
          { key: "name", label: said.search },
          { key: "type", label: said.type, any: said.allTypes, options: TYPES.map((value) => ({ value, label: said[value] })) },
        ]}
        read={(query) => readVariables(workspace, query)}
        columns={useColumns(setDialog)}
        rowKey={({ name }) => name}
        said={said}
      />
      <Command text={`jobferry variable list -w ${quoted(workspace)}`} />
      {dialog?.act === "edit" && <VariableDialog variable={dialog.variable} close={close} done={done} />}
      {dialog?.act === "delete" && <DeleteDialog name={dialog.variable.name} close={close} done={done} />}
      {dialog?.act === "export" && <ExportDialog close={close} />}
      {dialog?.act === "import" && <ImportDialog close={close} done={done} />}
    </Flex>
  );
}

function Acts({ open }: { open: (dialog: Dialog) => void }) {
  const said = useManualWords(words, easydata);
  const mayEdit = useMay("variable-edit");
  const mayExport = useMay("export");
  return (
    <Flex gap="small" wrap>
      {mayEdit && (
        <Button type="primary" onClick={() => open({ act: "edit", variable: null })}>
          {said.add}
        </Button>
      )}
      {mayExport && <Button onClick={() => open({ act: "export" })}>{said.export}</Button>}
      {mayEdit && <Button onClick={() => open({ act: "import" })}>{said.import}</Button>}
    </Flex>
  );
}

function useColumns(open: (dialog: Dialog) => void): NonNullable<TableProps<Variable>["columns"]> {
  const said = useManualWords(words, easydata);
  const mayEdit = useMay("variable-edit");
  return [
    {
      title: said.name,
      key: "name",
      render: (_, { name, description }) => (
        <Flex vertical>
          <span className="beside">{name}</span>
          {description && (
            <Typography.Text type="secondary" className="beside">
              {description}
            </Typography.Text>
          )}
        </Flex>
      ),
    },
    { title: said.type, dataIndex: "type", width: width.count, responsive: ["md"], render: (type: Variable["type"]) => said[type] },
    { title: said.value, key: "value", render: (_, variable) => <Value variable={variable} /> },
    {
      key: "acts",
      width: width.acts,
      render: (_, variable) =>
        mayEdit && (
          <Flex gap="small" wrap>
            <Button size="small" aria-label={said.editOne(variable.name)} onClick={() => open({ act: "edit", variable })}>
              {said.edit}
            </Button>
            <Button size="small" type="text" danger onClick={() => open({ act: "delete", variable })}>
              {said.delete}
            </Button>
          </Flex>
        ),
    },
  ];
}

/** A value, once it is asked for: others may look over the reader's shoulder. Those of secrets never. */
function Value({ variable: { name, value, incomplete } }: { variable: Variable }) {
  const said = useManualWords(words, easydata);
  const { settings } = useWorkspace();
  const [isShown, show] = useState(false);
  if (incomplete) return <Tag color="warning">{said.incomplete}</Tag>;
  if (value === null) return <Typography.Text type="secondary">{said.hidden}</Typography.Text>;
  if (value === "") return <Typography.Text type="secondary">{said.empty}</Typography.Text>;
  if (isSecret(name, settings["sensitive_names"] ?? "")) return <Typography.Text type="secondary">{said.secret}</Typography.Text>;
  return (
    <Flex gap="small" align="start">
      <Button
        size="small"
        type="text"
        icon={isShown ? <EyeInvisibleOutlined /> : <EyeOutlined />}
        aria-label={isShown ? said.hide(name) : said.show(name)}
        onClick={() => show(!isShown)}
      />
      <code className="beside lines">{isShown ? value : "••••••"}</code>
    </Flex>
  );
}
