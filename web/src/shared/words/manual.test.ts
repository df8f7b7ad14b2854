import { expect, test } from "vitest";

type Said = Record<string, unknown>;
type Pair = { en: Said; zh: Said };

const modules = import.meta.glob<Record<string, unknown>>(
  ["../../{app,features,shared}/**/{words,labels,kinds,names,values,actions}.ts", "!../../features/{platform,sign-in}/**", "../../features/platform/audit/actions.ts"],
  { eager: true },
);
const NOUN = /(?<![/.])\b(?:jobs?|workspaces?)\b(?![/.])|(?<!CDM )作业|工作空间/i;
/** Who is in no project at all reads the platform's words; a CDM definition's name and the limits of Factory's Import Job are Factory's. */
const KEPT = /home\/words.ts (none|noneText)$|edit\/words.ts cdmName$|settings\/names.ts factory_/;

/** What a word says, whatever it is given: the texts that stand in it. */
function textsOf(word: unknown): string {
  if (typeof word !== "function") return String(word);
  const literals = String(word).match(/`[^`]*`|"[^"]*"/g) ?? [];
  return literals.join(" ").replaceAll(/\$\{[^}]*\}/g, "");
}

function pairs(found: Record<string, unknown>, isManual: boolean): Pair[] {
  return Object.entries(found).flatMap(([name, one]) =>
    typeof one === "object" && one !== null && "zh" in one && name.startsWith("easydata") === isManual ? [one as Pair] : [],
  );
}

test.each(["en", "zh"] as const)("every word that has a noun of the Factory manual has another one for EasyData (%s)", (language) => {
  const wrong = Object.entries(modules).flatMap(([file, found]) => {
    const others = Object.assign({}, ...pairs(found, true).map((manual) => manual[language])) as Said;
    return pairs(found, false).flatMap((said) =>
      Object.entries({ ...said[language], ...others }).flatMap(([key, word]) =>
        NOUN.test(textsOf(word)) && !KEPT.test(`${file} ${key}`) ? [`${file} ${key}`] : [],
      ),
    );
  });
  expect(Object.keys(modules).length).toBeGreaterThan(20);
  expect([...new Set(wrong)].sort()).toEqual([]);
});
