import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Table, Typography } from "antd";
import { useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { Failure } from "@/shared/look/Failure";
import { LongName } from "@/shared/look/LongName";
import { width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useWords } from "@/shared/words/words";

import { keys, type Import, type Options } from "../api";
import { changeOptions, readDeletions, type Deleted } from "./api";
import { confirmed, keyOf, withDeletions } from "./deletions";
import { words } from "./words";

const MOST = 1000;

/** What the source has deleted and is here still: it goes if it is ticked, object by object. */
export function Deletions({ found }: { found: Import }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, found.id), "deletions", found.plan_digest],
    queryFn: () => readDeletions(workspace, found.id, { offset: 0, limit: MOST }),
    enabled: (found.check?.deletions ?? 0) > 0,
  });
  if (!found.check?.deletions) return null;
  return (
    <Card size="small" title={said.deletions}>
      <Asked query={query}>{({ items }) => <Ticks key={found.plan_digest} found={found} gone={items} />}</Asked>
    </Card>
  );
}

function Ticks({ found, gone }: { found: Import; gone: Deleted[] }) {
  const said = useWords(words);
  const kinds = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const options = found.options as Options;
  const before = confirmed(options, gone);
  const [ticked, tick] = useState(before);
  const changing = useMutation({
    mutationFn: () => changeOptions(workspace, found.id, withDeletions(options, ticked)),
    onSuccess: (made) => queries.setQueryData(keys.one(workspace, found.id), made),
  });
  const isSame = ticked.length === before.length && ticked.every((key) => before.includes(key));
  return (
    <Flex vertical gap="small" align="start">
      <Typography.Text type="secondary">{said.deletionsText}</Typography.Text>
      <Table<Deleted>
        size="small"
        tableLayout="fixed"
        style={{ width: "100%" }}
        rowKey={keyOf}
        dataSource={gone}
        pagination={{ hideOnSinglePage: true, showSizeChanger: false }}
        rowSelection={{
          selectedRowKeys: ticked,
          onChange: (chosen) => tick(chosen.map(String)),
          getCheckboxProps: (row) => ({ disabled: row.here === null, "aria-label": said.deleteOne(row.here ?? row.name) }),
        }}
        columns={[
          { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Deleted["kind"]) => kinds[kind] },
          { title: said.object, key: "name", render: (_, row) => <LongName name={row.here ?? row.name} /> },
          { title: said.source, key: "source", responsive: ["md"], render: (_, row) => (row.here === null ? said.notHere : row.name) },
        ]}
      />
      {changing.isError && <Failure error={changing.error} />}
      <Button danger={ticked.length > 0} disabled={isSame} loading={changing.isPending} onClick={() => changing.mutate()}>
        {ticked.length > 0 ? said.deleteTicked(ticked.length) : said.deleteNone}
      </Button>
    </Flex>
  );
}
