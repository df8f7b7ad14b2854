/** Whether a name is one of a secret's, by the workspace's patterns: `*`, `?`, case ignored. */
export function isSecret(name: string, patterns: string): boolean {
  return patterns
    .split(",")
    .map((pattern) => pattern.trim())
    .filter(Boolean)
    .some((pattern) => matches(name.toLowerCase(), pattern.toLowerCase()));
}

function matches(name: string, pattern: string): boolean {
  const plain = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
  return new RegExp(`^${plain.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`, "u").test(name);
}
