const KEPT = ["location", "path", "duplicates", "status", "directory"] as const;

/** Of what was said, what the address keeps for a reload. */
export function kept(said: Partial<Record<(typeof KEPT)[number], string | undefined>>): Record<string, string> {
  return Object.fromEntries(KEPT.flatMap((field) => (said[field] === undefined ? [] : [[field, said[field]]])));
}
