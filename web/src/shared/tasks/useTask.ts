import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { readTask, type Task } from "./api";

const PAUSE_MS = 100;

/** A task, told anew whenever it moves; ``onEnd`` is called once it is over. */
export function useTask(taskId: string, onEnd: (task: Task) => void): UseQueryResult<Task> {
  const queries = useQueryClient();
  const key = ["task", taskId];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readTask(taskId, queries.getQueryData<Task>(key), signal),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === "RUNNING" ? PAUSE_MS : false),
    staleTime: 0,
  });
  const told = useRef(onEnd);
  useEffect(() => {
    told.current = onEnd;
  });
  const ended = query.data !== undefined && query.data.status !== "RUNNING" ? query.data : null;
  useEffect(() => {
    if (ended) told.current(ended);
  }, [ended]);
  return query;
}
