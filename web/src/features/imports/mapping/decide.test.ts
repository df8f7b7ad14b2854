import { expect, test } from "vitest";

import type { Finding, Import } from "../api";
import { changesAnything, decided, graveOf, hasMuted, isToDecide, keyOf, optionsWith, thingsHere, without } from "./decide";

function finding(more: Partial<Finding>): Finding {
  const about = { need_kind: "connection", need_name: "dws_test", args: {}, message: "", remedy: "", objects: 1, first: [] };
  return { number: 1, code: "connection-missing", severity: "block", ...about, ...more };
}

test("what only follows from something else, and what only warns, needs no decision", () => {
  expect(isToDecide(finding({}))).toBe(true);
  expect(isToDecide(finding({ severity: "warn" }))).toBe(false);
  expect(isToDecide(finding({ code: "needed-left-out" }))).toBe(false);
});

test("what is held by policy waits, unless something else is said", () => {
  const held = finding({ severity: "hold", need_kind: "queue", need_name: "q" });
  expect(decided(held, {})).toEqual({ act: "hold" });
  expect(decided(held, { [keyOf(held)]: { act: "leave" } })).toEqual({ act: "leave" });
  expect(decided(finding({}), {})).toBeUndefined();
});

test("mappings and holds join what the options said before", () => {
  const other = finding({ need_name: "obs" });
  const queue = finding({ need_kind: "queue", need_name: "q", code: "queue-missing" });
  const decisions = {
    [keyOf(finding({}))]: { act: "map", to: "dws" },
    [keyOf(other)]: { act: "hold" },
    [keyOf(queue)]: { act: "here", to: "q_prod" },
  } as const;
  const options = { duplicates: "overwrite", mapping: { connection: { a: "b" } } } as const;
  expect(optionsWith(options, [finding({}), other, queue], decisions)).toEqual({
    duplicates: "overwrite",
    mapping: { connection: { a: "b", dws_test: "dws" }, queue: { q: "q_prod" } },
    hold: { connection: ["obs"] },
  });
  expect(thingsHere([finding({}), other, queue], decisions)).toEqual([{ kind: "queue", name: "q_prod" }]);
});

test("leaving things out changes nothing that would have to be checked again", () => {
  const held = finding({ severity: "hold", need_name: "h" });
  expect(changesAnything([finding({}), held], { "connection/dws_test": { act: "leave" }, "connection/h": { act: "hold" } })).toBe(false);
  expect(changesAnything([finding({})], { "connection/dws_test": { act: "hold" } })).toBe(true);
});

test("an answer can be taken back", () => {
  const options = { mapping: { connection: { a: "b", c: "d" } }, hold: { connection: ["a"], queue: ["q"] } };
  expect(without(options, "connection", "a")).toEqual({
    mapping: { connection: { c: "d" } },
    hold: { connection: [], queue: ["q"] },
  });
});

test("what would wait once it comes in is decided together with what keeps it out", () => {
  const muted = finding({ severity: "warn", code: "inventory-unknown", need_kind: "queue", need_name: "q" });
  const other = finding({ severity: "warn", code: "variable-missing", need_kind: "variable", need_name: "v" });
  const held = finding({ severity: "hold", code: "inventory-unknown", need_kind: "agent", need_name: "a" });
  const grave = graveOf([finding({}), held, muted, other, { ...held, severity: "warn" }]);
  expect(grave.map((one) => [one.severity, one.need_name])).toEqual([["block", "dws_test"], ["hold", "a"], ["hold", "q"]]);
});

test("only where unknown kinds hold are warnings of them asked for", () => {
  const check = { findings: { block: 1 }, needs: { queue: { unknown: 1 } } } as unknown as Import["check"];
  expect(hasMuted({ check, options: {} }, {})).toBe(true);
  expect(hasMuted({ check, options: {} }, { unknown_inventory: "warn" })).toBe(false);
  expect(hasMuted({ check, options: { unknown_inventory: "warn" } }, {})).toBe(false);
  expect(hasMuted({ check: null, options: {} }, {})).toBe(false);
});
