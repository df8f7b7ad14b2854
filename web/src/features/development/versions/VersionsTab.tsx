import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Grid, Table, Tag, Typography } from "antd";
import { useState } from "react";

import type { Schemas } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useMay } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useWords } from "@/shared/words/words";
import { EmptyText } from "@/shared/table/EmptyText";

import { keys, readVersions, type Place, type Saved } from "../api";
import { Comparison } from "./Comparison";
import { RollbackDialog } from "./RollbackDialog";
import { VersionText } from "./VersionText";
import { words } from "./words";

type Version = Schemas["VersionAnswer"];

const MOST_TICKED = 2;

/** What was submitted: to be looked at, compared, and gone back to. */
export function VersionsTab({ place, object }: { place: Place; object: Saved }) {
  const [address] = useAddress();
  const query = useQuery({ queryKey: [...keys.one(place), "versions"], queryFn: () => readVersions(place) });
  const { former, latter, version } = address;
  if (version) return <VersionText place={place} version={version} />;
  return (
    <Asked query={query}>
      {({ items }) => {
        const from = former === "live" ? String(object.live_version || "") : (former ?? "");
        return from ? <Comparison place={place} former={from} latter={latter ?? ""} /> : <Versions place={place} object={object} items={items} />;
      }}
    </Asked>
  );
}

function Versions({ place, object, items }: { place: Place; object: Saved; items: Version[] }) {
  const said = useWords(words);
  const [, change] = useAddress();
  const [ticked, tick] = useState<string[]>([]);
  const [back, goBack] = useState<number | null>(null);
  const columns = useColumns(place, goBack);
  const compare = (): void => {
    const [former = "", latter = ""] = [...ticked].sort((one, other) => Number(one) - Number(other));
    change({ former, latter });
  };
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" wrap>
        <Button disabled={ticked.length === 0} onClick={compare}>
          {said.compare}
        </Button>
        <Typography.Text type="secondary">{said.compareText}</Typography.Text>
      </Flex>
      <Table<Version>
        size="middle"
        tableLayout="fixed"
        rowKey={({ number }) => String(number)}
        dataSource={items}
        locale={{ emptyText: <EmptyText>{said.none}</EmptyText> }}
        pagination={{ hideOnSinglePage: true, pageSize: 20, showSizeChanger: false }}
        columns={columns}
        rowSelection={{
          selectedRowKeys: ticked,
          hideSelectAll: true,
          onChange: (numbers) => tick(numbers.map(String)),
          getCheckboxProps: ({ number }) => ({
            disabled: ticked.length >= MOST_TICKED && !ticked.includes(String(number)),
            "aria-label": said.nameOf(String(number)),
          }),
        }}
      />
      <Command text={`jobferry version list ${quoted(place.name)}${place.kind === "script" ? " --script" : ""} -w ${quoted(place.workspace)}`} />
      {back !== null && <RollbackDialog place={place} object={object} version={back} close={() => goBack(null)} />}
    </Flex>
  );
}

function useColumns(place: Place, goBack: (version: number) => void) {
  const said = useWords(words);
  const time = useTimes();
  const [, change] = useAddress();
  const mayEdit = useMay(place.kind === "job" ? "job-edit" : "library-edit");
  const isNarrow = Grid.useBreakpoint().md === false;
  return [
    {
      title: said.version,
      key: "number",
      width: width.state,
      render: (_: unknown, { number, live, undone, import_id }: Version) => (
        <Flex gap="small" wrap>
          v{number}
          {live && <Tag>{said.live}</Tag>}
          {undone && <Tag>{said.undone}</Tag>}
          {import_id && <Tag>{said.imported}</Tag>}
        </Flex>
      ),
    },
    {
      title: said.note,
      key: "note",
      className: "beside",
      render: (_: unknown, { note, submitted_by, submitted_at }: Version) => (
        <Flex vertical>
          {note}
          {isNarrow && <Typography.Text type="secondary">{said.who(submitted_by, time(submitted_at))}</Typography.Text>}
        </Flex>
      ),
    },
    {
      title: said.at,
      key: "at",
      width: width.time,
      responsive: ["md" as const],
      render: (_: unknown, { submitted_by, submitted_at }: Version) => (
        <Flex vertical>
          {time(submitted_at)}
          <Typography.Text type="secondary">{submitted_by}</Typography.Text>
        </Flex>
      ),
    },
    {
      key: "acts",
      width: width.state,
      render: (_: unknown, { number }: Version) => (
        <Flex gap="small" wrap>
          <Typography.Link onClick={() => change({ version: String(number) })}>{said.view}</Typography.Link>
          {mayEdit && <Typography.Link onClick={() => goBack(number)}>{said.rollback}</Typography.Link>}
        </Flex>
      ),
    },
  ];
}
