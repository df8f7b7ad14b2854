import { expect, test } from "vitest";

import { readThings } from "./csv";

test("quoted cells keep commas, quotes and line ends", () => {
  const text = '\uFEFFname,kind,local_id\r\n"a,b",queue,7\r\n\r\n"say ""hi""\n!",cluster,\r\n';
  expect(readThings(text)).toEqual([
    { kind: "queue", name: "a,b", local_id: "7" },
    { kind: "cluster", name: 'say "hi"\n!', local_id: "" },
  ]);
});

test("ids are optional, the other columns are not", () => {
  expect(readThings("kind,name\nqueue,etl")).toEqual([{ kind: "queue", name: "etl", local_id: "" }]);
  expect(readThings("queue,etl")).toBeNull();
  expect(readThings("")).toBeNull();
});
