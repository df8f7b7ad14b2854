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

/** A word of a command as a shell takes it. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
