import { expect, test } from "vitest";

import { contentOf, countAt, isDocument, namesAt, valueAt, withItem, withUpstream, withValue } from "./document";

const TEXT = '{"b": 1.50, "a" : 1E5,\n  "big":12345678901234567890,"params":[ {"name":"dt","value":"x"} ], "name":"orders"}';

test("an edit leaves every other character as it is", () => {
  expect(withValue(TEXT, ["name"], "订单")).toBe(TEXT.replace('"orders"', '"订单"'));
  expect(withValue(TEXT, ["params", 0, "value"], "")).toBe(TEXT.replace('"x"', '""'));
});

test("what is not there yet is made, and what is taken away is gone", () => {
  const made = withValue(TEXT, ["schedule", "cron", "expression"], "0 0 5 * * ?");
  expect(valueAt(made, ["schedule", "cron", "expression"])).toBe("0 0 5 * * ?");
  expect(made).toContain('"b": 1.50, "a" : 1E5,\n  "big":12345678901234567890');
  expect(countAt(withValue(TEXT, ["params", 0], undefined), ["params"])).toBe(0);
});

test("the last of several values goes whole, and no other character with it", () => {
  for (const [text, without] of [
    ['{"a":["x","y"], "b":1.0}', '{"a":["x"], "b":1.0}'],
    ['{"a":[ {"n":1}, {"n":2} ]}', '{"a":[ {"n":1} ]}'],
    ['{"a":[\n  1,\n  2\n]}', '{"a":[\n  1\n]}'],
  ] as const) {
    expect(withValue(text, ["a", 1], undefined)).toBe(without);
  }
});

test("a list grows at its end, and is made where there is none", () => {
  const grown = withItem(TEXT, ["params"], { name: "n", value: "" });
  expect(countAt(grown, ["params"])).toBe(2);
  expect(valueAt(grown, ["params", 1, "name"])).toBe("n");
  expect(countAt(withItem('{"params": {}}', ["params"], 1), ["params"])).toBe(1);
});

test("only one JSON object is a document", () => {
  expect(isDocument(TEXT)).toBe(true);
  for (const text of ["", "[]", '{"a": }', '{"a": 1} x', '{"a": 1,}', '{/* */"a": 1}']) expect(isDocument(text)).toBe(false);
});

test("a script's text is read out of its document", () => {
  expect(contentOf(String.raw`{"content": "SELECT 1;\nSELECT '中';"}`)).toBe("SELECT 1;\nSELECT '中';");
  expect(contentOf("{}")).toBe("");
});

test("jobs to wait for are named, and a dependency that says more keeps that", () => {
  const plain = '{"schedule": {"cron": {"expression": "x"}}}';
  const one = withUpstream(plain, ["a", "b"]);
  expect(namesAt(plain)).toEqual([]);
  expect(namesAt(one)).toEqual(["a", "b"]);
  expect(namesAt(withUpstream(one, []))).toEqual([]);
  expect(withUpstream(one, [])).not.toContain("dependJobs");
  const more = '{"schedule": {"cron": {"dependJobs": {"jobs": ["a"], "dependFailPolicy": "IGNORE"}}}}';
  expect(withUpstream(more, [])).toBe('{"schedule": {"cron": {"dependJobs": {"jobs": [], "dependFailPolicy": "IGNORE"}}}}');
  expect(namesAt('{"schedule": {"cron": {"dependJobs": [{"jobName": "a"}]}}}')).toBeNull();
});
