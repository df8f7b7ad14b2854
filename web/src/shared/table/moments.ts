/** What a list is asked for: its times are those of a browser's field, in the reader's zone. */
export function withMoments({ since, until, ...query }: Record<string, unknown>): Record<string, unknown> {
  const times = { since: momentOf(since), until: momentOf(until) };
  return { ...query, ...Object.fromEntries(Object.entries(times).filter(([, ms]) => !Number.isNaN(ms))) };
}

function momentOf(text: unknown): number {
  return typeof text === "string" ? new Date(text).getTime() : Number.NaN;
}
