const INDENT = "  ";
const OPEN = "{[";
const CLOSED = "}]";
const SPACE = " \t\r\n";

/**
 * Two JSON texts as they can be compared line by line. Where one of them has all on a single line, both get a line for each
 * value: only the space between their words differs, no word is respelled. What is no JSON stays as it is.
 */
export function comparable(former: string, latter: string): [string, string] {
  const isPlain = [former, latter].every((text) => text.trim().includes("\n"));
  return isPlain || !isJson(former) || !isJson(latter) ? [former, latter] : [laidOut(former), laidOut(latter)];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function laidOut(text: string): string {
  const words: string[] = [];
  let depth = 0;
  const line = (): string => `\n${INDENT.repeat(depth)}`;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') {
      const end = endOfString(text, at);
      words.push(text.slice(at, end + 1));
      at = end;
    } else if (OPEN.includes(sign)) {
      const next = nextWord(text, at + 1);
      if (CLOSED.includes(text.charAt(next))) {
        words.push(sign, text.charAt(next));
        at = next;
      } else {
        depth += 1;
        words.push(sign, line());
      }
    } else if (CLOSED.includes(sign)) {
      depth -= 1;
      words.push(line(), sign);
    } else if (sign === ",") words.push(sign, line());
    else if (sign === ":") words.push(": ");
    else if (!SPACE.includes(sign)) words.push(sign);
  }
  return words.join("");
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return at;
}

function nextWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && SPACE.includes(text.charAt(at))) at += 1;
  return at;
}
