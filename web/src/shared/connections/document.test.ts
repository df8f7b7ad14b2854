import { expect, test } from "vitest";

import { documentIn, EMPTY, filledFrom, withFilled } from "./document";
import { isSecret, keysOf } from "./fields";

test("a document is taken out of a list as it is spelled there", () => {
  const answer = '{"total":2,"items":[{"name":"a","document":{"name":"a"}},{"name":"b","document":{ "name": "b", "config": {"port": 1.50E2} }}]}';
  expect(documentIn(answer, "b")).toBe('{ "name": "b", "config": {"port": 1.50E2} }');
  expect(documentIn(answer, "c")).toBeNull();
});

test("an edit by the form respells nothing else", () => {
  const text = '{ "name": "b",  "type":"DWS", "own": 1.50E2, "config": {"port": 8000, "password": ""} }';
  const filled = filledFrom(text);
  expect(filled.config).toEqual({ port: "8000", password: "" });
  expect(withFilled(text, filled)).toBe(text);
  const edited = withFilled(text, { ...filled, config: { ...filled.config, password: "p" } });
  expect(edited).toBe(text.replace('"password": ""', '"password": "p"'));
});

test("a new connection has what was filled in, and nothing empty", () => {
  const made = withFilled(EMPTY, { name: "a", type: "DWS", description: "", config: { clusterName: "c", ip: "" } });
  expect(JSON.parse(made)).toEqual({ name: "a", type: "DWS", config: { clusterName: "c" } });
});

test("a form has the keys of its type and those of the document", () => {
  expect(keysOf("CloudTable", { own: 1 })).toEqual(["clusterName", "own"]);
  expect(["password", "kms_key", "accessKey", "userName"].map(isSecret)).toEqual([true, true, true, false]);
});
