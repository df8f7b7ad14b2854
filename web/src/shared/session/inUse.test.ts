import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { askWhileUsed, USED_MS } from "./inUse";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a page that nobody uses does not ask by the clock, until somebody does again", async () => {
  askWhileUsed();
  const queries = new QueryClient();
  queries.mount();
  const ask = vi.fn(() => Promise.resolve(1));
  const stop = new QueryObserver(queries, { queryKey: ["list"], queryFn: ask, refetchInterval: 1_000 }).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(5_500);
  expect(ask).toHaveBeenCalledTimes(6);
  await vi.advanceTimersByTimeAsync(USED_MS);
  const asked = ask.mock.calls.length;
  await vi.advanceTimersByTimeAsync(USED_MS);
  expect(ask).toHaveBeenCalledTimes(asked);
  window.dispatchEvent(new KeyboardEvent("keydown"));
  await vi.advanceTimersByTimeAsync(3_500);
  expect(ask.mock.calls.length).toBeGreaterThanOrEqual(asked + 3);
  stop();
  queries.unmount();
});
