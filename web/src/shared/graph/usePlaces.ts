import { useEffect, useMemo, useState } from "react";

import { dropLayout, takeLayout } from "./layoutWorker";
import { inColumns, isPlaced, type GraphNode, type Places } from "./place";

/** As many nodes as dagre lays out in about a second. */
const MOST_FOR_DAGRE = 300;
const LONGEST_MS = 10_000;

/** Where nodes stand: as their document says if that can be looked at, else laid out. Null while that is done. */
export function usePlaces(nodes: readonly GraphNode[], said: Partial<Places>): Places | null {
  const known = useMemo(() => (isPlaced(nodes, said) ? said : nodes.length > MOST_FOR_DAGRE ? inColumns(nodes) : null), [nodes, said]);
  const [found, setFound] = useState<{ nodes: readonly GraphNode[]; places: Places } | null>(null);
  useEffect(() => {
    if (known !== null) {
      dropLayout();
      return undefined;
    }
    const worker = takeLayout();
    const take = (places: Places): void => setFound({ nodes, places });
    const late = window.setTimeout(() => take(inColumns(nodes)), LONGEST_MS);
    worker.onmessage = ({ data }: MessageEvent<Places>) => take(data);
    worker.onerror = () => take(inColumns(nodes));
    worker.postMessage(nodes);
    return () => {
      window.clearTimeout(late);
      worker.terminate();
    };
  }, [nodes, known]);
  if (known !== null) return known;
  return found?.nodes === nodes ? found.places : null;
}
