import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { helpFor } from "./help";
import { platformPages, sections } from "./navigation";

const DOCS = resolve(import.meta.dirname, "../../../docs");
const places = [...sections.flatMap(({ pages }) => pages.map(({ to }) => to.replace("$workspace", "dev"))), ...platformPages.map(({ to }) => to), "/"];

test.each(places)("%s has a page of the documentation", (place) => {
  expect(existsSync(resolve(DOCS, `${helpFor(place)}.md`))).toBe(true);
});

test("a page of a workspace has help of its own", () => {
  expect(helpFor("/w/dev/jobs/orders")).toBe("howto/make-a-job");
  expect(helpFor("/w/dev/imports/7")).toBe("howto/trusted-imports");
});
