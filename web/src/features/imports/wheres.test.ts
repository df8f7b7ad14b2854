import { expect, test } from "vitest";

import { wheres } from "./wheres";

const place = (kind: string, name: string, path: string) => ({ kind, name, directory: "/", path });

test("a finding about a document is told with the place in it", () => {
  const first = [place("job", "orders", "nodes[0].type"), place("script", "orders", "type")];
  expect(wheres({ need_name: "", first })).toEqual([
    { name: "orders", path: "nodes[0].type" },
    { name: "orders", path: "type" },
  ]);
});

test("what is missing is told with the names alone of what refers to it", () => {
  const first = [place("job", "orders", "nodes[0].properties[1].value")];
  expect(wheres({ need_name: "dws_test", first })).toEqual([{ name: "orders", path: "" }]);
});
