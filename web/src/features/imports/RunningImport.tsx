import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";

import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import { keys, readLock } from "./api";
import { easydata, words } from "./words";

const EVERY_MS = 3_000;

/** Who imports here at this moment, as long as somebody does; not the import ``besides``. */
export function RunningImport({ besides = "" }: { besides?: string }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const { name } = useWorkspace();
  const { data } = useQuery({ queryKey: keys.lock(name), queryFn: () => readLock(name), refetchInterval: EVERY_MS });
  if (!data || data.task_id === besides) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={said.running(data.holder, time(data.since))}
      description={
        <>
          {data.package_name && <strong>{data.package_name}. </strong>}
          {said.runningText}
        </>
      }
    />
  );
}
