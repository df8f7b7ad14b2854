import { Descriptions, Flex, Typography } from "antd";

import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import type { Outline } from "../api";
import { easydata, words } from "./words";

/** When a job runs, in words and as it is written, and the next times. */
export function ScheduleTab({ outline }: { outline: Outline }) {
  const said = useManualWords(words, easydata);
  const { schedule, zone, waits_for, next_runs } = outline;
  const items = [
    { key: "when", label: said.when, children: <strong>{schedule.words}</strong> },
    schedule.expression !== "" && { key: "expression", label: said.expression, children: <code>{schedule.expression}</code> },
    schedule.expression !== "" && { key: "zone", label: said.zone, children: schedule.zone || said.zoneHere(zone) },
    schedule.start !== "" && { key: "start", label: said.start, children: schedule.start },
    schedule.end !== "" && { key: "end", label: said.end, children: schedule.end },
    {
      key: "waits",
      label: said.waitsFor,
      children:
        waits_for.length === 0 ? (
          said.nothing
        ) : (
          <Flex vertical>
            {waits_for.map(({ kind, name, workspace }) => (
              <ObjectLink key={`${workspace}/${name}`} kind={kind} name={name} workspace={workspace} />
            ))}
          </Flex>
        ),
    },
    { key: "next", label: said.next, children: <NextRuns runs={next_runs} zone={zone} /> },
  ];
  return <Descriptions bordered size="small" column={1} items={items.filter((item) => item !== false)} />;
}

/** The next times, as the reader's clock has them and, where that is another, as the job's zone has. */
function NextRuns({ runs, zone }: { runs: number[] | null; zone: string }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  if (runs === null || runs.length === 0) return said.noNext;
  return (
    <Flex vertical>
      {runs.map((at) => (
        <span key={at}>
          {time(at)} <Typography.Text type="secondary">{inZone(at, zone)}</Typography.Text>
        </span>
      ))}
      <Typography.Text type="secondary">{said.nextText}</Typography.Text>
    </Flex>
  );
}

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function inZone(at: number, zone: string): string {
  if (zone === HERE) return "";
  try {
    return `${new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" }).format(at)} ${zone}`;
  } catch {
    return "";
  }
}
