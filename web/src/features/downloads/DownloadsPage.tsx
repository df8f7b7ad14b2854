import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Empty, Flex, Input, Popconfirm, Select, Typography, type BadgeProps, type TableProps } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { packageAddress } from "@/shared/objects/packageAddress";
import { useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { inUnits } from "@/shared/words/sizes";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

type Download = Schemas["DownloadAnswer"];
type Status = Schemas["TaskStatus"];

const EVERY_MS = 5_000;
const KINDS: Schemas["DownloadKind"][] = ["selection", "workspace", "factory", "task-package", "connections", "variables"];
const LOOKS: Record<Status, NonNullable<BadgeProps["status"]>> = { RUNNING: "processing", SUCCESSFUL: "success", FAILED: "error", CANCELLED: "default" };
const STATUSES = Object.keys(LOOKS) as Status[];
const FILTERS = ["search", "kind", "status"];

/** What was exported: to be downloaded while it is kept. */
export function DownloadsPage() {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const query: Record<string, string | undefined> = {};
  for (const key of FILTERS) if (address[key]) query[key] = address[key];
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title} />
      <Filters />
      <PagedTable<Download>
        asked={["downloads", workspace, query]}
        read={(page) => answer(api.GET("/api/workspaces/{workspace}/downloads", { params: { path: { workspace }, query: { ...query, ...page } } }))}
        columns={useColumns()}
        rowKey={({ id }) => id}
        empty={<Nothing isFiltered={Object.keys(query).length > 0} />}
        refetchInterval={EVERY_MS}
      />
      {!useMay("record-view-all") && <Typography.Text type="secondary">{said.own}</Typography.Text>}
      <Command text={`jobferry download list -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function Filters() {
  const said = useWords(words);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={address["search"] ?? ""}
        allowClear
        aria-label={said.search}
        placeholder={said.search}
        defaultValue={address["search"]}
        onSearch={(search) => change({ search, page: "" })}
        style={{ maxWidth: width.form }}
      />
      <Select
        aria-label={said.kind}
        value={address["kind"] ?? ""}
        options={[{ value: "", label: said.allKinds }, ...KINDS.map((value) => ({ value, label: said[value] }))]}
        onChange={(kind) => change({ kind, page: "" })}
        popupMatchSelectWidth={false}
      />
      <Select
        aria-label={said.status}
        value={address["status"] ?? ""}
        options={[{ value: "", label: said.allStatuses }, ...STATUSES.map((value) => ({ value, label: said[value] }))]}
        onChange={(status) => change({ status, page: "" })}
        popupMatchSelectWidth={false}
      />
    </Flex>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const said = useWords(words);
  const [, change] = useAddress();
  if (isFiltered) {
    return (
      <Empty description={said.noneFit}>
        <Button onClick={() => change(Object.fromEntries([...FILTERS, "page"].map((key) => [key, ""])))}>{said.clear}</Button>
      </Empty>
    );
  }
  return (
    <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>
      <Typography.Text type="secondary">{said.noneText}</Typography.Text>
    </Empty>
  );
}

function useColumns(): NonNullable<TableProps<Download>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  return [
    {
      title: said.fileName,
      key: "file",
      render: (_, row) => (
        <Flex vertical>
          <span className="beside">{row.file_name || row.subject}</span>
          <Typography.Text type="secondary" className="beside">
            {[said.objects(row.objects), row.size > 0 && inUnits(row.size), row.place].filter(Boolean).join(" · ")}
          </Typography.Text>
          {row.reason && (
            <Typography.Text type={row.status === "FAILED" ? "danger" : "secondary"} className="beside">
              {row.reason}
            </Typography.Text>
          )}
        </Flex>
      ),
    },
    { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["lg"], render: (kind: Download["kind"]) => said[kind] },
    { title: said.operator, dataIndex: "operator", width: width.tag, responsive: ["lg"], className: "beside" },
    { title: said.time, dataIndex: "started_at", width: width.time, responsive: ["md"], render: time },
    { title: said.status, key: "status", width: width.time, responsive: ["sm"], render: (_, row) => <Kept row={row} /> },
    { key: "acts", width: width.tag, render: (_, row) => <Acts row={row} /> },
  ];
}

function Kept({ row }: { row: Download }) {
  const said = useWords(words);
  const time = useTimes();
  const isGone = row.status === "SUCCESSFUL" && !row.available && row.place === "";
  return (
    <Flex vertical>
      <Badge status={LOOKS[row.status]} text={isGone ? said.gone : said[row.status]} />
      {row.available && <Typography.Text type="secondary">{said.until(time(row.until))}</Typography.Text>}
    </Flex>
  );
}

function Acts({ row }: { row: Download }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const mayDelete = useMay("download-delete");
  const deleting = useMutation({
    mutationFn: () => api.DELETE("/api/workspaces/{workspace}/downloads/{download_id}", { params: { path: { workspace, download_id: row.id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["downloads", workspace] }),
  });
  return (
    <Flex vertical gap="small" align="start">
      {row.available && (
        <Button size="small" icon={<DownloadOutlined aria-hidden />} href={packageAddress(workspace, row.id)} download>
          {said.download}
        </Button>
      )}
      {mayDelete && row.status !== "RUNNING" && (
        <Popconfirm title={said.deleteTitle} description={said.deleteText} okText={said.delete} cancelText={said.cancel} onConfirm={() => deleting.mutate()}>
          <Button size="small" type="text" danger loading={deleting.isPending}>
            {said.delete}
          </Button>
        </Popconfirm>
      )}
      {deleting.isError && <Failure error={deleting.error} />}
    </Flex>
  );
}
