import { useCallback, useState } from "react";

import { keyOf, type Decision, type Decisions } from "./decide";
import type { Finding } from "../api";

const PREFIX = "jobferry.decisions.";

function kept(importId: string): Decisions {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + importId) ?? "{}") as Decisions;
  } catch {
    return {};
  }
}

/** What was decided about an import's findings, kept in this browser so that a reload loses nothing. */
export function useDecisions(importId: string): [Decisions, (about: readonly Finding[], decision: Decision) => void] {
  const [decisions, setDecisions] = useState(() => kept(importId));
  const decide = useCallback(
    (about: readonly Finding[], decision: Decision) =>
      setDecisions((former) => {
        const next = { ...former, ...Object.fromEntries(about.map((finding) => [keyOf(finding), decision])) };
        localStorage.setItem(PREFIX + importId, JSON.stringify(next));
        return next;
      }),
    [importId],
  );
  return [decisions, decide];
}
