import { answer, api, type Schemas } from "@/shared/api/client";

export type Task = Schemas["TaskAnswer"];

const LONGEST_WAIT_S = 20;

/** A task; where its last state is known, the answer comes as soon as there is another. */
export function readTask(taskId: string, known: Task | undefined, signal: AbortSignal): Promise<Task> {
  const query = known ? { wait: LONGEST_WAIT_S, seen: known.revision } : {};
  return answer(api.GET("/api/tasks/{task_id}", { params: { path: { task_id: taskId }, query }, signal }));
}
