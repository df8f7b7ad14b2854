import { useCallback, useState } from "react";

import { useMe } from "@/shared/session/session";

const PREFIX = "jobferry.viewed.";

function kept(place: string): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(place) ?? "[]") as string[]);
  } catch {
    return new Set();
  }
}

/** The objects of a plan that the reader has looked through; another plan begins with none. */
export function useViewed(planDigest: string): [ReadonlySet<string>, (key: string) => void] {
  const place = `${PREFIX}${useMe().id}.${planDigest}`;
  const [viewed, setViewed] = useState(() => kept(place));
  const toggle = useCallback(
    (key: string) =>
      setViewed((former) => {
        const next = new Set(former);
        if (!next.delete(key)) next.add(key);
        localStorage.setItem(place, JSON.stringify([...next]));
        return next;
      }),
    [place],
  );
  return [viewed, toggle];
}
