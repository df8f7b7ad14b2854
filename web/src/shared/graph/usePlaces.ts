import { useEffect, useMemo, useState } from "react";

import { dropLayout, laidOutAhead, layOut } from "./layoutWorker";
import { inColumns, withoutLayout, type GraphNode, type Places } from "./place";

const LONGEST_MS = 10_000;

/** Where nodes stand: as their document says if that can be looked at, else laid out. Null while that is done. */
export function usePlaces(nodes: readonly GraphNode[], said: Partial<Places>): Places | null {
  const known = useMemo(() => withoutLayout(nodes, said) ?? laidOutAhead(nodes), [nodes, said]);
  const [found, setFound] = useState<{ nodes: readonly GraphNode[]; places: Places } | null>(null);
  useEffect(() => {
    if (known !== null) {
      dropLayout();
      return undefined;
    }
    const layout = layOut(nodes);
    const take = (places: Places | null): void => setFound({ nodes, places: places ?? inColumns(nodes) });
    if (layout.places !== null) take(layout.places);
    layout.told = take;
    const late = window.setTimeout(() => take(null), LONGEST_MS);
    return () => {
      window.clearTimeout(late);
      layout.end();
    };
  }, [nodes, known]);
  if (known !== null) return known;
  return found?.nodes === nodes ? found.places : null;
}
