import { useManualWords } from "@/shared/session/workspace";
import type { Filter } from "@/shared/table/Filters";
import { useWords } from "@/shared/words/words";

import { actionWords, easydataActions } from "./actions";
import { OUTCOMES } from "./query";
import { words } from "./words";

/** Which rows are wanted; all of it is in the address. */
export function useFilters(): Filter[] {
  const said = useWords(words);
  const actions = useManualWords(actionWords, easydataActions);
  return [
    { key: "text", label: said.search },
    { key: "actor", label: said.actorIs },
    { key: "action", label: said.what, any: said.allActions, options: Object.entries(actions).map(([value, label]) => ({ value, label })) },
    { key: "outcome", label: said.outcome, any: said.allOutcomes, options: OUTCOMES.map((value) => ({ value, label: said[value] })) },
    { key: "since", label: said.from, time: "date" },
    { key: "until", label: said.until, time: "date" },
  ];
}
