import { Button, type TableProps } from "antd";

import { VerdictTag } from "@/shared/look/Verdict";
import { width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { keys, readReview, type Item, type Review } from "./api";
import { ItemTexts } from "./ItemTexts";
import { easydata, words } from "./words";

/** What is asked for, object by object; the address says whose texts are compared. */
export function Items({ review }: { review: Review }) {
  const { name: workspace } = useWorkspace();
  const [address, change] = useAddress();
  const open = address["object"];
  return (
    <PagedTable<Item>
      asked={[...keys.one(workspace, review.id), "items"]}
      read={(page) => readReview(workspace, review.kind, review.id, { ...page })}
      columns={useColumns(open, (key) => change({ object: key === open ? "" : key }))}
      rowKey={keyOf}
      empty=""
      more={{
        expandable: {
          expandedRowKeys: open ? [open] : [],
          showExpandColumn: false,
          expandedRowRender: (item) => <ItemTexts review={review} item={item} />,
        },
      }}
    />
  );
}

export function keyOf({ kind, name }: Pick<Item, "kind" | "name">): string {
  return `${kind}/${name}`;
}

function useColumns(open: string | undefined, toggle: (key: string) => void): NonNullable<TableProps<Item>["columns"]> {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  return [
    {
      title: said.what,
      key: "ask",
      width: width.tag,
      render: (_, { ask }) => <VerdictTag of={ask === "delete" ? "delete" : "overwrite"} text={said[ask]} />,
    },
    { title: said.object, key: "object", render: (_, item) => <ObjectLink kind={item.kind} name={item.name} /> },
    { title: said.kind, dataIndex: "kind", width: width.kind, responsive: ["md"], render: (kind: Item["kind"]) => kinds[kind] },
    { title: said.version, dataIndex: "version", width: width.state, responsive: ["md"], render: (version: number) => `v${version}` },
    {
      key: "compare",
      width: width.state,
      render: (_, item) => (
        <Button size="small" aria-expanded={keyOf(item) === open} onClick={() => toggle(keyOf(item))}>
          {said.compare}
        </Button>
      ),
    },
  ];
}
