import { App } from "antd";

import { useWords, type Words } from "@/shared/words/words";

import { copy } from "./copy";

const TAIL = 10;

const en = { copied: "Copied", hint: (name: string) => `${name} – click to copy` };
const words: Words<typeof en> = { en, zh: { copied: "已复制", hint: (name) => `${name}（点击复制）` } };

/** A name in one line: what does not fit is left out in the middle, and a click copies the whole. */
export function LongName({ name }: { name: string }) {
  const said = useWords(words);
  const { message } = App.useApp();
  const cut = Math.max(name.length - TAIL, 0);
  return (
    <button
      type="button"
      className="plain long-name"
      title={said.hint(name)}
      aria-label={name}
      onClick={(event) => {
        event.stopPropagation();
        void copy(name).then(() => message.success(said.copied));
      }}
    >
      <span>{name.slice(0, cut)}</span>
      <span>{name.slice(cut)}</span>
    </button>
  );
}
