import { expect, test } from "vitest";

import { pagesIn, readPage } from "./docs";

const HREF = /href="(\/help\/[^"#]*)?(?:#([^"]*))?"/g;

/** The HTML of each page, by its address in the console. */
async function htmlByAddress(language: "en" | "zh"): Promise<Map<string, string>> {
  const pages = pagesIn(language).map(async (page) => [`/help/${page.path}`, await readPage(page)] as const);
  return new Map(await Promise.all(pages));
}

test("every page of the documentation is whole, and its links lead to a page and a heading", async () => {
  const pages = await htmlByAddress("en");
  const broken = [];
  for (const [address, html] of pages) {
    if (!html.includes("<h1")) broken.push(`${address} has no heading`);
    for (const [, path = address, id = ""] of html.matchAll(HREF)) {
      const target = pages.get(path);
      if (target === undefined || (id !== "" && !target.includes(`id="${decodeURIComponent(id)}"`))) broken.push(`${address}: ${path}#${id}`);
    }
  }
  expect(pages.size).toBeGreaterThan(30);
  expect(broken).toEqual([]);
});

test("a Chinese page is whole, and its links to its own headings lead to one", async () => {
  const pages = await htmlByAddress("zh");
  const broken = [...pages].flatMap(([address, html]) =>
    [...html.matchAll(/href="#([^"]*)"/g)].filter(([, id = ""]) => !html.includes(`id="${decodeURIComponent(id)}"`)).map(([href]) => `${address}: ${href}`),
  );
  expect(broken).toEqual([]);
  expect([...pages.values()].filter((html) => !html.includes("<h1"))).toEqual([]);
});
