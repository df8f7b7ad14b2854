import { LockOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Input, Table, Tag, Typography, type TableProps } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { EmptyText } from "@/shared/table/EmptyText";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";

import { TagDialog, type TagAct } from "./TagDialog";
import { TagFileDialog } from "./TagFileDialog";
import { easydata, words } from "./words";

type JobTag = Schemas["TagAnswer"];
type Open = { act: TagAct; name: string } | { act: "file" };

/** The tags of a workspace: how many jobs have each, which are locked. */
export function TagsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [address, change] = useAddress();
  const [open, setOpen] = useState<Open | null>(null);
  const mayMake = useMay("tag-edit");
  const mayLock = useMay("tag-lock");
  const params = { path: { workspace } };
  const query = useQuery({ queryKey: ["tags", workspace], queryFn: () => answer(api.GET("/api/workspaces/{workspace}/tags", { params })) });
  const columns = useColumns(setOpen);
  const piece = (address["name"] ?? "").toLowerCase();
  const done = (): void => {
    setOpen(null);
    void queries.invalidateQueries({ queryKey: ["tags", workspace] });
    void queries.invalidateQueries({ queryKey: ["objects", workspace] });
  };
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.tags}>
        <Flex gap="small" wrap>
          {mayMake && (
            <Button type="primary" onClick={() => setOpen({ act: "create", name: "" })}>
              {said.newTag}
            </Button>
          )}
          <Button href={`/api/workspaces/${encodeURIComponent(workspace)}/tag-file`} download>
            {said.toFile}
          </Button>
          {mayLock && <Button onClick={() => setOpen({ act: "file" })}>{said.fromFile}</Button>}
        </Flex>
      </PageTitle>
      <Asked query={query}>
        {({ items, total, limit }) => (
          <>
            <Flex gap="middle" align="center" wrap>
              <Input.Search
                allowClear
                aria-label={said.searchTags}
                placeholder={said.searchTags}
                defaultValue={address["name"]}
                onChange={({ target }) => change({ name: target.value })}
                style={{ maxWidth: width.form }}
              />
              <Typography.Text type="secondary">{said.tagCount(total, limit)}</Typography.Text>
            </Flex>
            <Table<JobTag>
              size="middle"
              tableLayout="fixed"
              rowKey="name"
              columns={columns}
              dataSource={items.filter(({ name }) => name.toLowerCase().includes(piece))}
              pagination={false}
              locale={{ emptyText: <EmptyText>{total > 0 ? said.noneFit : `${said.noTags} ${said.noTagsText}`}</EmptyText> }}
            />
          </>
        )}
      </Asked>
      <Command text={`jobferry tag list -w ${quoted(workspace)}`} />
      {open?.act === "file" && <TagFileDialog close={() => setOpen(null)} done={done} />}
      {open && open.act !== "file" && <TagDialog act={open.act} name={open.name} close={() => setOpen(null)} done={done} />}
    </Flex>
  );
}

function useColumns(open: (open: Open) => void): NonNullable<TableProps<JobTag>["columns"]> {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const mayDelete = useMay("tag-edit");
  const mayLock = useMay("tag-lock");
  return [
    {
      title: said.tag,
      key: "name",
      sorter: (one, other) => one.name.localeCompare(other.name),
      render: (_, { name, locked }) => (
        <Flex gap="small" align="center" wrap>
          <span className="beside">{name}</span>
          {locked && <Tag icon={<LockOutlined aria-hidden />}>{said.locked}</Tag>}
        </Flex>
      ),
    },
    { title: said.jobs, dataIndex: "jobs", width: width.count, sorter: (one, other) => one.jobs - other.jobs, render: (count: number) => count.toLocaleString() },
    { title: said.changed, key: "changed", responsive: ["md"], render: (_, row) => said.by(row.changed_by, time(row.changed_at)) },
    {
      key: "acts",
      width: width.acts,
      render: (_, { name, locked, jobs }) => (
        <Flex gap="small" wrap>
          {mayLock && (
            <Button size="small" onClick={() => open({ act: locked ? "unlock" : "lock", name })}>
              {locked ? said.unlock : said.lock}
            </Button>
          )}
          {mayDelete && (
            <Button size="small" type="text" danger disabled={locked || jobs > 0} onClick={() => open({ act: "delete", name })}>
              {said.delete}
            </Button>
          )}
        </Flex>
      ),
    },
  ];
}
