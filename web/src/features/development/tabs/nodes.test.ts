import { expect, test } from "vitest";

import { readNodes } from "./nodes";

const node = (fields: object): string => JSON.stringify({ nodes: [{ name: "load", type: "Shell", ...fields }] });

test("a place may be said in texts or numbers; one that is none is not there", () => {
  expect(readNodes(node({ location: { x: "-320", y: 60 } })).places).toEqual({ load: { x: -320, y: 60 } });
  expect(readNodes(node({ location: { x: "", y: "a" } })).places).toEqual({});
  expect(readNodes(node({})).places).toEqual({});
});

test("what is sensitive by its mark or its name is told to be", () => {
  const properties = [
    { name: "headers", value: "x", value_is_sensitive: true },
    { name: "db.Password", value: "y" },
    { name: "url", value: 5 },
  ];
  expect(readNodes(node({ properties }), ["*password*", "a.b"]).details["load"]?.properties).toEqual([
    { name: "headers", value: "x", isSensitive: true },
    { name: "db.Password", value: "y", isSensitive: true },
    { name: "url", value: "5", isSensitive: false },
  ]);
});

test("what is no document tells nothing", () => {
  for (const text of ["", "[]", "{", '{"nodes": {}}', "null"]) expect(readNodes(text)).toEqual({ places: {}, details: {} });
});
