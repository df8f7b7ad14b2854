import { Button, Checkbox, Empty, Flex, Typography, type TableProps } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { LongName } from "@/shared/look/LongName";
import { VerdictTag } from "@/shared/look/Verdict";
import { space, width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { useTimes } from "@/shared/words/times";

import { keys, readWaiting, type Item } from "./api";
import { keyOf } from "./Items";
import { ReleaseDialog } from "./ReleaseDialog";
import { easydata, words } from "./words";

const MOST_SELECTED = 100;
const BETWEEN = "\n";

/** What waits for a release, and the way into one. */
export function Waiting() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const [dialog, setDialog] = useState<"some" | "all" | null>(null);
  const selected = address["picked"]?.split(BETWEEN) ?? [];
  const mayCreate = useMay("job-edit");
  return (
    <Flex vertical gap="small">
      <Typography.Text type="secondary">{said.waitingText}</Typography.Text>
      {mayCreate && (
        <Flex gap="small" wrap>
          <Button type="primary" disabled={selected.length === 0} onClick={() => setDialog("some")}>
            {said.createSome(selected.length)}
          </Button>
          <Button onClick={() => setDialog("all")}>{said.createAll}</Button>
        </Flex>
      )}
      <PagedTable<Item>
        asked={[...keys.all(workspace), "waiting"]}
        read={(page) => readWaiting(workspace, { ...page })}
        columns={useColumns(mayCreate ? selected : null)}
        rowKey={keyOf}
        empty={<Empty description={<Typography.Text strong>{said.noneWaiting}</Typography.Text>} />}
      />
      <Command text={`jobferry release waiting -w ${quoted(workspace)}`} />
      {dialog !== null && <ReleaseDialog selected={dialog === "all" ? null : selected} close={() => setDialog(null)} />}
    </Flex>
  );
}

function useColumns(selected: string[] | null): NonNullable<TableProps<Item>["columns"]> {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const time = useTimes();
  const [, change] = useAddress();
  const toggle = (all: string[], key: string): void => {
    const next = all.includes(key) ? all.filter((one) => one !== key) : [...all, key];
    change({ picked: next.join(BETWEEN) });
  };
  const tick = (item: Item) =>
    selected && (
      <Checkbox
        aria-label={said.select(item.name)}
        checked={selected.includes(keyOf(item))}
        disabled={selected.length >= MOST_SELECTED && !selected.includes(keyOf(item))}
        onChange={() => toggle(selected, keyOf(item))}
      />
    );
  return [
    ...(selected ? [{ key: "tick", width: space.huge, render: (_: unknown, item: Item) => tick(item) }] : []),
    { title: said.what, key: "ask", width: width.state, render: (_, { ask }) => <VerdictTag of={ask === "delete" ? "delete" : "overwrite"} text={said[ask]} /> },
    { title: said.object, key: "object", render: (_, item) => <ObjectLink kind={item.kind} name={item.name} /> },
    { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Item["kind"]) => kinds[kind] },
    { title: said.version, dataIndex: "version", width: width.state, responsive: ["lg"], render: (version: number) => `v${version}` },
    { title: said.askedBy, dataIndex: "asked_by", width: width.person, responsive: ["sm"], render: (name: string) => <LongName name={name} /> },
    { title: said.askedAt, dataIndex: "asked_at", width: width.time, responsive: ["lg"], render: time },
  ];
}
