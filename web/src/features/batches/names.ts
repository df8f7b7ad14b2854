/** Names in a list, one a line, as the platform reads it: blank lines do not count, doubles once. */
export function namesIn(text: string): string[] {
  const names = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  return [...new Set(names.filter(Boolean))];
}

/** How many characters a list has: every one counts, Chinese ones and line breaks too. */
export function charactersIn(text: string): number {
  return Array.from(text.replaceAll("\r\n", "\n")).length;
}
