import { useEffect, useRef } from "react";

/** Begins a page at its top whenever it shows something else: what was read before may have ended far below. */
export function useTop(shown: string): void {
  const former = useRef(shown);
  useEffect(() => {
    if (former.current === shown) return;
    former.current = shown;
    window.scrollTo(0, 0);
  }, [shown]);
}
