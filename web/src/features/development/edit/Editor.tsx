import { Alert, Flex, Segmented } from "antd";
import { useState } from "react";

import { CodeText } from "@/shared/code/Code";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useManualWords } from "@/shared/session/workspace";

import { contentOf, isDocument, withValue } from "./document";
import { FIELDS } from "./fields";
import { ObjectForm } from "./ObjectForm";
import { easydata, words } from "./words";

interface Props {
  kind: ObjectKind;
  isNew: boolean;
  text: string;
  change: (text: string) => void;
}

/** One document, by a form or by its text: both show and change the same. */
export function Editor({ kind, isNew, text, change }: Props) {
  const said = useManualWords(words, easydata);
  const hasForm = FIELDS[kind].length > 0;
  const [way, setWay] = useState<"form" | "text">(hasForm ? "form" : "text");
  return (
    <Flex vertical gap="middle">
      {hasForm && (
        <Segmented<"form" | "text">
          style={{ alignSelf: "start" }}
          value={way}
          onChange={setWay}
          options={[
            { value: "form", label: said.form },
            { value: "text", label: said.text },
          ]}
        />
      )}
      {way === "text" && <Typed text={text} language="json" label={said.text} change={change} />}
      {way === "form" && !isDocument(text) && <Alert type="warning" showIcon title={said.noForm} />}
      {way === "form" && isDocument(text) && (
        <>
          <ObjectForm kind={kind} isNew={isNew} text={text} change={change} />
          {kind === "script" && (
            <Flex vertical gap="small">
              <span aria-hidden>{said.content}</span>
              <Typed text={contentOf(text)} language="text" label={said.content} change={(content) => change(withValue(text, ["content"], content))} />
            </Flex>
          )}
        </>
      )}
    </Flex>
  );
}

/** An editor that keeps what is typed: it begins with a text, and is not begun anew by its own changes. */
function Typed({ text, language, label, change }: { text: string; language: "json" | "text"; label: string; change: (text: string) => void }) {
  const [first] = useState(text);
  return <CodeText text={first} language={language} label={label} onChange={change} />;
}
