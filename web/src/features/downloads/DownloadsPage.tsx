import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Flex, Grid, Popconfirm, Typography, type BadgeProps, type TableProps } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { Marked } from "@/shared/look/Marked";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { packageAddress } from "@/shared/objects/packageAddress";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { FilteredTable } from "@/shared/table/FilteredTable";
import { withMoments } from "@/shared/table/moments";
import { inUnits } from "@/shared/words/sizes";
import { useTimes } from "@/shared/words/times";

import { easydata, words } from "./words";

type Download = Schemas["DownloadAnswer"];
type Status = Schemas["TaskStatus"];

const EVERY_MS = 5_000;
const KINDS: Schemas["DownloadKind"][] = ["selection", "workspace", "factory", "task-package", "connections", "variables"];
const LOOKS: Record<Status, NonNullable<BadgeProps["status"]>> = { RUNNING: "processing", SUCCESSFUL: "success", FAILED: "error", CANCELLED: "default" };
const STATUSES = Object.keys(LOOKS) as Status[];

/** What was exported: to be downloaded while it is kept. */
export function DownloadsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const seesAll = useMay("record-view-all");
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title} />
      <FilteredTable<Download>
        asked={["downloads", workspace]}
        filters={[
          { key: "search", label: said.search },
          { key: "kind", label: said.kind, any: said.allKinds, options: KINDS.map((value) => ({ value, label: said[value] })) },
          { key: "status", label: said.status, any: said.allStatuses, options: STATUSES.map((value) => ({ value, label: said[value] })) },
          ...(seesAll ? [{ key: "operator", label: said.operator }] : []),
          { key: "since", label: said.from, time: "datetime-local" },
          { key: "until", label: said.to, time: "datetime-local" },
        ]}
        read={(query) => answer(api.GET("/api/workspaces/{workspace}/downloads", { params: { path: { workspace }, query: withMoments(query) } }))}
        columns={useColumns()}
        rowKey={({ id }) => id}
        said={said}
        refetchInterval={EVERY_MS}
      />
      {!seesAll && <Typography.Text type="secondary">{said.own}</Typography.Text>}
      <Command text={`jobferry download list -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function useColumns(): NonNullable<TableProps<Download>["columns"]> {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const isNarrow = Grid.useBreakpoint().sm === false;
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
          {isNarrow && <Kept row={row} />}
          {row.reason && (
            <Typography.Text type={row.status === "FAILED" ? "danger" : "secondary"} className="beside">
              <Marked text={row.reason} />
            </Typography.Text>
          )}
        </Flex>
      ),
    },
    { title: said.operator, dataIndex: "operator", width: width.tag, responsive: ["lg"], className: "beside" },
    { title: said.time, dataIndex: "started_at", width: width.time, responsive: ["md"], render: time },
    { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["lg"], render: (kind: Download["kind"]) => said[kind] },
    { title: said.status, key: "status", width: width.time, responsive: ["sm"], render: (_, row) => <Kept row={row} /> },
    { key: "acts", width: width.tag, render: (_, row) => <Acts row={row} /> },
  ];
}

function Kept({ row }: { row: Download }) {
  const said = useManualWords(words, easydata);
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
  const said = useManualWords(words, easydata);
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
