import { Typography } from "antd";

/** What does the same at a command line, to be copied. */
export function Command({ text }: { text: string }) {
  return (
    <Typography.Text code copyable={{ text }} type="secondary" className="beside">
      {text}
    </Typography.Text>
  );
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of a command as a shell takes it; NAME while it is not typed yet. */
export function quoted(word: string): string {
  if (word === "") return "NAME";
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
