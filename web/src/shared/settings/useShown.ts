import { useManualWords } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";
import { inUnits } from "@/shared/words/sizes";
import { useListed } from "@/shared/words/lists";

import { easydataSettings, settingNames } from "./names";
import type { Setting } from "./setting";
import { easydataValues, nameOf, settingValues } from "./values";

/** What a setting and its values are called, in the reader's language. */
export function useShown() {
  const names: Record<string, string> = useManualWords(settingNames, easydataSettings);
  const values: Record<string, string> = useManualWords(settingValues, easydataValues);
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const listed = useListed();
  const shown = ({ key, type, follows, words }: Setting, value: string): string => {
    if (value === "") return values[follows] ?? follows;
    if (key.endsWith("_bytes")) return inUnits(Number(value));
    if (type === "count") return Number(value).toLocaleString();
    if (type === "kinds") return listed(value.split(",").map((kind) => kinds[kind] ?? kind));
    if (type === "choice" || type === "flag" || value === "off" || words.includes(value)) return nameOf(values, key, value);
    return value;
  };
  return { nameOf: (key: string) => names[key] ?? key, shown, kinds, values };
}
