import { beforeEach, expect, test, vi } from "vitest";

import { laidOutAhead, layOut, layOutAhead } from "./layoutWorker";

class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  isOver = false;
  readonly sent: unknown[] = [];
  constructor() {
    workers.push(this);
  }
  postMessage(data: unknown): void {
    this.sent.push(data);
  }
  terminate(): void {
    this.isOver = true;
  }
}

let workers: FakeWorker[] = [];
const nodes = [
  { id: "a", after: [] },
  { id: "b", after: ["a"] },
];
const places = { a: { x: 0, y: 0 }, b: { x: 400, y: 0 } };

beforeEach(() => {
  vi.stubGlobal("Worker", FakeWorker);
  layOut(nodes).end();
  workers = [];
});

test("a graph that was laid out ahead is not laid out again", () => {
  layOutAhead(nodes, {});
  expect(laidOutAhead(nodes)).toBeNull();
  workers[0]?.onmessage?.({ data: places });
  expect(laidOutAhead([...nodes])).toEqual(places);
  expect(layOut(nodes).places).toEqual(places);
  expect(workers).toHaveLength(1);
  expect(workers[0]?.isOver).toBe(true);
});

test("whoever comes while it is laid out ahead is told by the same worker", () => {
  layOutAhead(nodes, {});
  const told = vi.fn();
  layOut(nodes).told = told;
  workers[0]?.onmessage?.({ data: places });
  expect(told).toHaveBeenCalledWith(places);
  expect(workers).toHaveLength(1);
});

test("other nodes are laid out by another worker", () => {
  layOutAhead(nodes, {});
  const others = [{ id: "c", after: [] }];
  expect(laidOutAhead(others)).toBeNull();
  layOut(others);
  expect(workers.map(({ sent }) => sent)).toEqual([[nodes], [others]]);
});

test("a layout that failed ahead is begun anew", () => {
  layOutAhead(nodes, {});
  workers[0]?.onerror?.();
  layOut(nodes);
  expect(workers).toHaveLength(2);
});

test("nodes that have places need no worker", () => {
  layOutAhead(nodes, places);
  expect(workers.flatMap(({ sent }) => sent)).toEqual([]);
});
