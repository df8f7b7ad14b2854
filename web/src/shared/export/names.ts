/** As many names as one list may have. */
export const MOST_NAMES = 200;

/** The names of a list, one a line: each once, without blanks around it or lines that are empty. */
export function namesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);
}
