/** What ends the lines of a text. Where they end in different ways, the return stays a character of its line: nothing is
 * respelled. */
export function separatorOf(text: string): "\n" | "\r\n" {
  return text.includes("\n") && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? "\r\n" : "\n";
}
