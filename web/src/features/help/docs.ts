import type { Language } from "@/shared/words/words";

const ROOT = "../../../../docs/";
const titles = import.meta.glob<string>(["../../../../docs/{howto,reference,explain}/**/*.md", "../../../../docs/glossary.md"], {
  query: "?title",
  import: "default",
  eager: true,
});
const texts = import.meta.glob<string>(["../../../../docs/{howto,reference,explain}/**/*.md", "../../../../docs/glossary.md"], {
  query: "?page",
  import: "default",
});

export const GROUPS = ["howto", "reference", "explain"] as const;
export type Group = (typeof GROUPS)[number];

/** A page of the documentation: where it is in the console, and its heading. */
export interface DocPage {
  path: string;
  title: string;
  group: Group;
  file: string;
}

/** All pages in the reader's language, or in English where there is no other. */
export function pagesIn(language: Language): DocPage[] {
  return Object.keys(titles)
    .filter((file) => !file.includes("/zh-CN/"))
    .map((file) => {
      const path = file.slice(ROOT.length, -".md".length);
      const own = path.replace(/\/(?=[^/]*$)/, "/zh-CN/");
      const translated = `${ROOT}${own}.md`;
      const shown = language === "zh" && translated in titles ? translated : file;
      const group = GROUPS.find((one) => path.startsWith(one)) ?? "reference";
      return { path, title: titles[shown] ?? path, group, file: shown };
    });
}

/** The page at an address, as HTML that the build made of this project's own text. */
export async function readPage({ file }: DocPage): Promise<string> {
  return (await texts[file]?.()) ?? "";
}
