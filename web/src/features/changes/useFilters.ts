import { useManualWords } from "@/shared/session/workspace";
import type { Filter } from "@/shared/table/Filters";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { CHANGES } from "./filters";
import { easydata, words } from "./words";

const KINDS = ["job", "script", "resource", "cdm"] as const;

/** What the list is narrowed by; the address holds it. */
export function useFilters(): Filter[] {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  return [
    { key: "search", label: said.search },
    { key: "kind", label: said.kind, any: said.allKinds, options: KINDS.map((value) => ({ value, label: kinds[value] })) },
    { key: "change", label: said.change, any: said.allChanges, options: CHANGES.map((value) => ({ value, label: said[value] })) },
    { key: "user", label: said.by },
    { key: "since", label: said.from, time: "datetime-local" },
    { key: "until", label: said.until, time: "datetime-local" },
  ];
}
