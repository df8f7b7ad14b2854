import { FileZipOutlined, FolderOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Flex, Input, Skeleton, Typography } from "antd";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { inUnits } from "@/shared/words/sizes";
import { useTimes } from "@/shared/words/times";

import { BUCKETS, folderOf, parentOf } from "./objectPath";
import { easydata, words } from "./words";

type Entry = Schemas["StoredEntryAnswer"];

interface Props {
  id?: string;
  limit: number;
  unpacked: number;
  value?: string;
  onChange?: (path: string) => void;
}

/** A package in object storage: its path can be typed, and what lies in the folder so far is listed to be chosen, unless it is too large. */
export function ObjectChooser({ id, limit, unpacked, value = "", onChange }: Props) {
  const said = useManualWords(words, easydata);
  const folder = folderOf(value);
  const parent = parentOf(folder);
  return (
    <Flex vertical gap="small">
      <Input {...(id ? { id } : {})} placeholder="obs://bucket/" value={value} onChange={(event) => onChange?.(event.target.value)} />
      <Typography.Text type="secondary">{said.limit(inUnits(limit), inUnits(unpacked))}</Typography.Text>
      {parent && (
        <Typography.Link onClick={() => onChange?.(parent)} role="button">
          {parent === BUCKETS ? said.buckets : said.up}
        </Typography.Link>
      )}
      <Listed key={folder} folder={folder} limit={limit} chosen={value} choose={(path) => onChange?.(path)} />
    </Flex>
  );
}

function Listed({ folder, limit, chosen, choose }: { folder: string; limit: number; chosen: string; choose: (path: string) => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ["object-storage", workspace, folder],
    queryFn: ({ pageParam: after }) =>
      answer(api.GET("/api/workspaces/{workspace}/object-storage", { params: { path: { workspace }, query: { path: folder, after } } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.after || undefined,
    retry: false,
  });
  if (query.isPending) return <Skeleton active />;
  if (query.isError && folder === BUCKETS) return <Typography.Text type="secondary">{said.noBuckets}</Typography.Text>;
  if (query.isError) return <Failure error={query.error} again={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  return (
    <Flex vertical gap="small" className="listed" role="group" aria-label={folder}>
      {items.length === 0 && <Typography.Text type="secondary">{said.emptyFolder}</Typography.Text>}
      {items.map((entry) => (
        <EntryButton key={entry.path} entry={entry} limit={limit} isChosen={entry.path === chosen} choose={choose} />
      ))}
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {said.moreEntries}
        </Button>
      )}
    </Flex>
  );
}

function EntryButton({ entry, limit, isChosen, choose }: { entry: Entry; limit: number; isChosen: boolean; choose: (path: string) => void }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const isTooLarge = entry.size > limit;
  const isOff = !entry.is_folder && (isTooLarge || !entry.name.toLowerCase().endsWith(".zip"));
  const facts = entry.is_folder ? [] : [inUnits(entry.size), time(entry.modified_at), ...(isTooLarge ? [said.larger(inUnits(limit))] : [])];
  return (
    <button type="button" className="plain" disabled={isOff} aria-pressed={isChosen} onClick={() => choose(entry.path)}>
      <Flex gap="small" align="baseline" wrap>
        {entry.is_folder ? <FolderOutlined aria-hidden /> : <FileZipOutlined aria-hidden />}
        <Typography.Text strong={isChosen} disabled={isOff} className="beside">
          {entry.name}
        </Typography.Text>
        <Typography.Text type="secondary">{facts.join(" · ")}</Typography.Text>
      </Flex>
    </button>
  );
}
