import { useAddress } from "@/shared/url/address";

import { filtersOf, without } from "./filtered";
import { Filters, type Filter } from "./Filters";
import { Nothing, type NothingWords } from "./Nothing";
import { PagedTable, type Page, type PagedTableProps } from "./PagedTable";

interface Props<T> extends Omit<PagedTableProps<T>, "read" | "empty"> {
  filters: readonly Filter[];
  read: (query: Page & Record<string, unknown>) => Promise<{ total: number; items: T[] }>;
  said: NothingWords;
}

/** A list with its filters above it: both in the address, a change of filters goes to the first page. */
export function FilteredTable<T extends object>({ filters, read, said, asked, ...table }: Props<T>) {
  const [address, change] = useAddress();
  const keys = filters.map(({ key }) => key);
  const query = filtersOf(address, keys);
  const isFiltered = Object.keys(query).length > 0;
  return (
    <>
      <Filters filters={filters} />
      <PagedTable<T>
        asked={[...asked, query]}
        read={(page) => read({ ...query, ...page })}
        empty={<Nothing said={said} clear={isFiltered ? () => change(without(keys)) : null} />}
        {...table}
      />
    </>
  );
}
