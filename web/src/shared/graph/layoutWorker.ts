let ready: Worker | null = null;

function begun(): Worker {
  return new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
}

/** Starts the worker that lays out graphs while data and code of a page are still on their way. */
export function prepareLayout(): void {
  ready ??= begun();
}

/** The worker that was started, or a new one; whoever takes it ends it. */
export function takeLayout(): Worker {
  const worker = ready ?? begun();
  ready = null;
  return worker;
}

/** Ends a worker that nobody needs: the graph says itself where its nodes stand. */
export function dropLayout(): void {
  ready?.terminate();
  ready = null;
}
