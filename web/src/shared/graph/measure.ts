import type { Size } from "./start";

type Change = (give: (known: Size | null) => Size | null) => void;

/** Tells how wide a pane of this height has become; a width that is known already changes nothing. */
export function measureOnce(pane: HTMLElement | null, high: number, measure: Change): void {
  if (pane === null) return;
  const size = { width: pane.clientWidth, height: high };
  measure((known) => (known?.width === size.width ? known : size));
}
