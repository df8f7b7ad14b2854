const FORM = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** An instant (ms) as the manual writes it: YYYY-MM-DD HH:MM:SS, in the reader's time zone. */
export function stamped(ms: number): string {
  return FORM.format(ms);
}
