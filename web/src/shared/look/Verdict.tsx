import type { Schemas } from "@/shared/api/client";
import { useWords, type Words } from "@/shared/words/words";

import { useLook } from "./theme";
import { plan } from "./tokens";

export type Verdict = Schemas["Verdict"];
export type Outcome = Schemas["ObjectOutcome"];
type Colour = keyof typeof plan.light;

/** Per verdict its sign, as the command line has it, and which of the five colours; in the order of showing. */
const LOOKS: Record<Verdict, [string, Colour]> = {
  create: ["+", "create"],
  overwrite: ["~", "overwrite"],
  held: ["?", "held"],
  restore: ["<", "overwrite"],
  remove: ["x", "overwrite"],
  delete: ["x", "blocked"],
  unchanged: ["=", "unchanged"],
  skip: ["-", "unchanged"],
  blocked: ["!", "blocked"],
};

/** The sign of each verdict. */
export const VERDICT_SIGNS = Object.fromEntries(Object.entries(LOOKS).map(([verdict, [sign]]) => [verdict, sign])) as Record<Verdict, string>;

export const VERDICTS = Object.keys(LOOKS) as Verdict[];

const VERDICT_OF: Record<Outcome, Verdict> = {
  created: "create",
  overwritten: "overwrite",
  held: "held",
  restored: "restore",
  removed: "remove",
  deleted: "delete",
  unchanged: "unchanged",
  skipped: "skip",
  blocked: "blocked",
};

export const OUTCOMES = Object.keys(VERDICT_OF) as Outcome[];

type Said = Record<Verdict | Outcome, string>;

const en: Said = {
  create: "create",
  overwrite: "overwrite",
  held: "held",
  restore: "restore",
  remove: "remove",
  delete: "delete",
  unchanged: "unchanged",
  skip: "skip",
  blocked: "blocked",
  created: "created",
  overwritten: "overwritten",
  restored: "restored",
  removed: "removed",
  deleted: "deleted",
  skipped: "skipped",
};

export const verdictWords: Words<Said> = {
  en,
  zh: {
    create: "新建",
    overwrite: "覆盖",
    held: "挂起",
    restore: "恢复",
    remove: "移除",
    delete: "删除",
    unchanged: "无变化",
    skip: "跳过",
    blocked: "受阻",
    created: "已新建",
    overwritten: "已覆盖",
    restored: "已恢复",
    removed: "已移除",
    deleted: "已删除",
    skipped: "已跳过",
  },
};

const COLOURS = { light: coloursIn("light"), dark: coloursIn("dark") };

function coloursIn(shade: keyof typeof plan): Record<Verdict, string> {
  return Object.fromEntries(Object.entries(LOOKS).map(([verdict, [, colour]]) => [verdict, plan[shade][colour]])) as Record<Verdict, string>;
}

/** The colour of each verdict in the reader's theme. */
export function useVerdictColours(): Record<Verdict, string> {
  return COLOURS[useLook().shade];
}

interface Props {
  of: Verdict | Outcome;
  count?: number;
  /** Said in the place of the usual word. */
  text?: string | undefined;
}

/** What a plan does to an object, or what came of it: sign, colour and word, and how many where it counts. */
export function VerdictTag({ of, count, text }: Props) {
  const said = useWords(verdictWords);
  const { shade } = useLook();
  const [sign, colour] = LOOKS[of in VERDICT_OF ? VERDICT_OF[of as Outcome] : (of as Verdict)];
  return (
    <span style={{ color: plan[shade][colour], whiteSpace: "nowrap" }}>
      <code aria-hidden>{sign}</code> {text ?? said[of]}
      {count !== undefined && <strong> {count.toLocaleString()}</strong>}
    </span>
  );
}
