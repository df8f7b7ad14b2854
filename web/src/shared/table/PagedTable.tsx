import { keepPreviousData, useQuery, type QueryKey } from "@tanstack/react-query";
import { Table, type TableProps } from "antd";
import { useEffect, type ReactNode } from "react";

import { useKeys } from "@/shared/look/useKeys";

import { Failure } from "@/shared/look/Failure";
import { ROWS } from "@/shared/table/rows";
import { EmptyText } from "@/shared/table/EmptyText";
import { useAddress } from "@/shared/url/address";
import { useWords, type Words } from "@/shared/words/words";

const en = { total: (count: number) => `${count.toLocaleString()} in all` };
const words: Words<typeof en> = { en, zh: { total: (count) => `共 ${count.toLocaleString()} 条` } };

/** Which rows are wanted. */
export interface Page {
  offset: number;
  limit: number;
}

export interface PagedTableProps<T> {
  asked: QueryKey;
  read: (page: Page) => Promise<{ total: number; items: T[] }>;
  columns: NonNullable<TableProps<T>["columns"]>;
  rowKey: (row: T) => string;
  empty: ReactNode;
  /** The key in the address that holds the page. */
  pageKey?: string;
  more?: TableProps<T>;
  refetchInterval?: number;
  walk?: Walk;
}

/** Which row is open; j and k go to the next and the one before. */
export interface Walk {
  selected: string | undefined;
  select: (key: string | undefined) => void;
}

/** A list of the platform, page by page; which one is in the address. ``asked`` names list and filters. */
export function PagedTable<T extends object>(props: PagedTableProps<T>) {
  const { asked, read, columns, rowKey, empty, pageKey = "page", more, refetchInterval = 0, walk } = props;
  const said = useWords(words);
  const [address, change] = useAddress();
  const page = Math.max(1, Number(address[pageKey] ?? 1) || 1);
  const query = useQuery({
    queryKey: [...asked, page],
    queryFn: () => read({ offset: (page - 1) * ROWS, limit: ROWS }),
    placeholderData: keepPreviousData,
    ...(refetchInterval > 0 ? { refetchInterval } : {}),
  });
  const rows = query.data?.items ?? [];
  useWalk(rows.map(rowKey), walk);
  if (query.isError) return <Failure error={query.error} again={() => void query.refetch()} />;
  const total = query.data?.total ?? 0;
  return (
    <Table<T>
      {...(query.isPending ? { style: { minHeight: "80vh" } } : {})}
      size="middle"
      tableLayout="fixed"
      columns={columns}
      rowKey={rowKey}
      dataSource={rows}
      loading={query.isPending}
      locale={{ emptyText: query.isPending ? <span /> : <EmptyText>{empty}</EmptyText> }}
      pagination={{
        current: page,
        pageSize: ROWS,
        total,
        hideOnSinglePage: true,
        showSizeChanger: false,
        showTotal: said.total,
        onChange: (next) => change({ [pageKey]: next === 1 ? "" : String(next) }),
      }}
      {...more}
    />
  );
}

function useWalk(order: string[], walk: Walk | undefined): void {
  const go = (step: number): void => {
    if (walk === undefined || order.length === 0) return;
    const here = walk.selected === undefined ? -1 : order.indexOf(walk.selected);
    walk.select(order[Math.min(Math.max(here + step, 0), order.length - 1)]);
  };
  useKeys({ j: () => go(1), k: () => go(-1) });
  const selected = walk?.selected;
  useEffect(() => {
    if (selected === undefined) return;
    document.querySelector(`[data-row-key="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);
}
