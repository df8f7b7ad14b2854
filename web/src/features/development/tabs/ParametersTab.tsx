import { Table, Typography } from "antd";

import { width } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";
import { EmptyText } from "@/shared/table/EmptyText";

import type { Outline } from "../api";
import { easydata, words } from "./words";

/** The parameters of a job; sensitive values are masked by the platform. */
export function ParametersTab({ outline }: { outline: Outline }) {
  const said = useManualWords(words, easydata);
  return (
    <Table
      size="middle"
      tableLayout="fixed"
      pagination={false}
      rowKey={(_, index) => String(index)}
      dataSource={outline.parameters}
      locale={{ emptyText: <EmptyText>{said.noParameters}</EmptyText> }}
      columns={[
        { title: said.parameter, dataIndex: "name", className: "beside" },
        { title: said.value, dataIndex: "value", render: (value: string) => <Typography.Text code={value !== ""} className="beside">{value || said.none}</Typography.Text> },
        { title: said.kind, dataIndex: "type", width: width.tag, responsive: ["sm"] },
      ]}
    />
  );
}
