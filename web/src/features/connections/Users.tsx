import { Flex, Tag } from "antd";

import { keys, readUses, type User } from "@/shared/connections/api";
import { width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { easydata, words } from "./words";

/** Who uses a connection, in the draft or in the live version. */
export function Users({ name }: { name: string }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  return (
    <PagedTable<User>
      asked={[...keys.all(workspace), "uses", name]}
      read={(page) => readUses(workspace, name, page)}
      rowKey={(row) => `${row.workspace}/${row.kind}/${row.name}`}
      empty={said.unused}
      columns={[
        { title: said.object, key: "name", render: (_, row) => <ObjectLink kind={row.kind} name={row.name} workspace={row.workspace} /> },
        { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["sm"], render: (kind: User["kind"]) => kinds[kind] },
        {
          title: said.where,
          key: "where",
          width: width.time,
          render: (_, row) => (
            <Flex gap="small" wrap>
              {row.draft && <Tag>{said.draft}</Tag>}
              {row.live && <Tag>{said.live}</Tag>}
            </Flex>
          ),
        },
      ]}
    />
  );
}
