import { beforeEach, expect, test } from "vitest";

import { recentPages, rememberPage } from "./recent";

beforeEach(() => localStorage.clear());

test("the newest page is first, each is there once, and users do not see each other's", () => {
  for (const title of ["one", "two", "one"]) rememberPage("anne", { title, address: `/${title}` });
  expect(recentPages("anne").map(({ title }) => title)).toEqual(["one", "two"]);
  expect(recentPages("bert")).toEqual([]);
});

test("only the last twelve are kept, and what is no page is left out", () => {
  for (let number = 0; number < 20; number++) rememberPage("anne", { title: `${number}`, address: `/${number}` });
  expect(recentPages("anne")).toHaveLength(12);
  localStorage.setItem("jobferry.recent.bert", '[{"title": 1}, "x", {"title": "t", "address": "/t"}]');
  expect(recentPages("bert")).toEqual([{ title: "t", address: "/t" }]);
  localStorage.setItem("jobferry.recent.bert", "{");
  expect(recentPages("bert")).toEqual([]);
});
