import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Empty, Flex, Segmented, Tag, Typography, type TableProps } from "antd";

import { Command } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { PageTitle } from "@/shared/look/PageTitle";
import { Marked } from "@/shared/look/Marked";
import { width } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";

import { markRead, NOTICES, readNotices, type Notice } from "./api";
import { whereOf } from "./where";
import { words } from "./words";

const EVERY_MS = 30_000;
/** A hint that names a command of the command line, which is none here: the link beside leads there. */
const COMMAND = /\bjobferry /;

/** What the reader was told, the last first: unread ones, or all. */
export function NoticesPage() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [address, change] = useAddress();
  const isAll = address["which"] === "all";
  const marking = useMutation({
    mutationFn: (ids: readonly string[]) => markRead(ids),
    onSettled: () => queries.invalidateQueries({ queryKey: NOTICES }),
  });
  const choose = (which: string): void => change({ which, page: "" });
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.title}>
        <Button loading={marking.isPending} onClick={() => marking.mutate([])}>
          {said.markAll}
        </Button>
      </PageTitle>
      <Segmented
        style={{ alignSelf: "start" }}
        aria-label={said.which}
        value={isAll ? "all" : ""}
        options={[
          { value: "", label: said.onlyUnread },
          { value: "all", label: said.all },
        ]}
        onChange={choose}
      />
      {marking.isError && <Failure error={marking.error} />}
      <PagedTable<Notice>
        asked={[...NOTICES, "list", isAll]}
        read={(page) => readNotices({ unread: !isAll, ...page })}
        columns={useColumns((id) => marking.mutate([id]))}
        rowKey={({ id }) => id}
        empty={<Nothing isAll={isAll} showAll={() => choose("all")} />}
        refetchInterval={EVERY_MS}
      />
      <Command text={`jobferry notice list${isAll ? "" : " --unread"}`} />
    </Flex>
  );
}

function Nothing({ isAll, showAll }: { isAll: boolean; showAll: () => void }) {
  const said = useWords(words);
  return (
    <Empty description={<Typography.Text strong>{isAll ? said.none : said.noneFit}</Typography.Text>}>
      {isAll ? <Typography.Text type="secondary">{said.noneText}</Typography.Text> : <Button onClick={showAll}>{said.showAll}</Button>}
    </Empty>
  );
}

function useColumns(mark: (id: string) => void): NonNullable<TableProps<Notice>["columns"]> {
  const said = useWords(words);
  const time = useTimes();
  return [
    {
      title: said.notice,
      key: "notice",
      render: (_, notice) => (
        <Flex vertical>
          <Flex gap="small" align="start">
            {notice.read_at === 0 && <Tag color="blue">{said.isNew}</Tag>}
            <span className="beside"><Marked text={notice.message} /></span>
          </Flex>
          {!COMMAND.test(notice.remedy) && (
            <Typography.Text type="secondary" className="beside">
              <Marked text={notice.remedy} />
            </Typography.Text>
          )}
        </Flex>
      ),
    },
    { title: said.at, dataIndex: "at", width: width.time, responsive: ["md"], render: time },
    {
      key: "acts",
      width: width.tag,
      render: (_, notice) => (
        <Flex vertical gap="small" align="start">
          <About notice={notice} opened={() => notice.read_at === 0 && mark(notice.id)} />
          {notice.read_at === 0 && (
            <Button size="small" onClick={() => mark(notice.id)}>
              {said.mark}
            </Button>
          )}
        </Flex>
      ),
    },
  ];
}

/** To what it is about, in a workspace that the reader may still enter; who looks at it has read it. */
function About({ notice, opened }: { notice: Notice; opened: () => void }) {
  const said = useWords(words);
  const place = useMe().workspaces.find(({ id }) => id === notice.about.workspace_id);
  if (place === undefined && notice.about.kind !== "backup") return null;
  return (
    <Link {...whereOf(notice.about, place?.name ?? "", notice.code)} onClick={opened}>
      {said.look}
    </Link>
  );
}
