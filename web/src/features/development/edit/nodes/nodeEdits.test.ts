import { expect, test } from "vitest";

import { askers, behind, formerOf, nodeNames, propertiesAt, withFormer, withName, withNode, withoutNode, withProperty } from "./nodeEdits";

const REPORT =
  '{"name":"report","type":"Shell","preNodeName":["load", "check"],"conditions":[{"preNodeName":"load","expression":"#{(Job.getNodeStatus(\\"load\\")) == \\"success\\"}"}],"properties":[{"name":"n","value":1.50}]}';
const TEXT = `{"big":12345678901234567890, "nodes": [
  {"name":"load", "type":"DWSSQL","retryTimes":1E0,"preNodeName":[],"properties":[ {"name":"scriptName","value":"a"},{"name":"scriptName","value":"b"} ]},
  {"name":"check","type":"Dummy", "preNodeName":"load"},
  ${REPORT}
], "extra" : {"note":"load"}}`;

test("a name follows to whoever waits or asks for the node, and every other character stays", () => {
  const renamed = withName(TEXT, 0, "装载");
  const expected = TEXT.replace('"name":"load"', '"name":"装载"')
    .replace('"preNodeName":"load"},\n', '"preNodeName":"装载"},\n')
    .replace('["load", "check"]', '["装载", "check"]')
    .replace('{"preNodeName":"load"', '{"preNodeName":"装载"')
    .replace(String.raw`getNodeStatus(\"load\")`, String.raw`getNodeStatus(\"装载\")`);
  expect(renamed).toBe(expected);
  expect(withName(TEXT, 0, "load")).toBe(TEXT);
});

test("a node that goes leaves nobody waiting for it", () => {
  const text = TEXT.replace(String.raw`getNodeStatus(\"load\")`, "x");
  const without = withoutNode(text, 0);
  expect(nodeNames(without)).toEqual(["check", "report"]);
  expect([formerOf(without, 0), formerOf(without, 1)]).toEqual([[], ["check"]]);
  expect(without).toContain('"conditions":[]');
  expect(without).toContain('"big":12345678901234567890');
  expect(without).toContain('"value":1.50');
});

test("whoever asks for a node is named", () => {
  expect(askers(TEXT, "load")).toEqual(["report"]);
  expect(askers(TEXT, "check")).toEqual([]);
});

test("who waits for a node, near or far, cannot come before it", () => {
  expect(behind(TEXT, "load")).toEqual(new Set(["load", "check", "report"]));
  expect(behind(TEXT, "report")).toEqual(new Set(["report"]));
});

test("only what changes of the nodes before one is written", () => {
  expect(withFormer(TEXT, 2, ["load", "check"])).toBe(TEXT);
  expect(withFormer(TEXT, 2, ["load"])).toBe(TEXT.replace(', "check"]', "]"));
  expect(formerOf(withFormer(TEXT, 0, ["other"]), 0)).toEqual(["other"]);
  expect(withFormer(TEXT, 1, [])).toContain('"preNodeName":[]}');
});

test("a new node has a name of its own, and a place where the others have one", () => {
  const grown = withNode(TEXT.replace('"check"', '"node4"'));
  expect(grown.name).toBe("node5");
  expect(nodeNames(grown.text)).toEqual(["load", "node4", "report", "node5"]);
  expect(grown.text).not.toContain("location");
  expect(withNode('{"nodes":[{"name":"a","location":{"x":"10","y":20}}]}').text).toContain('"location":{"x":310,"y":20}');
  expect(withNode("{}").text).toBe('{"nodes": [{"name":"node1","type":"Dummy","preNodeName":[],"properties":[]}]}');
});

test("the last of a property's values counts and is changed", () => {
  expect(propertiesAt(TEXT, 0)).toEqual([{ name: "scriptName", value: "b", isSensitive: false }]);
  expect(withProperty(TEXT, 0, "scriptName", "c")).toBe(TEXT.replace('"value":"b"', '"value":"c"'));
  expect(propertiesAt(withProperty(TEXT, 0, "scriptName", undefined), 0)).toEqual([]);
  expect(propertiesAt(withProperty(TEXT, 1, "database", "dw"), 1)).toEqual([{ name: "database", value: "dw", isSensitive: false }]);
});
