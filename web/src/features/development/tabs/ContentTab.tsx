import { useQuery } from "@tanstack/react-query";
import { Typography } from "antd";

import { CodeText } from "@/shared/code/Code";
import { Asked } from "@/shared/look/Asked";
import { useManualWords } from "@/shared/session/workspace";

import { textQuery, type Place } from "../api";
import { contentOf } from "../edit/document";
import { easydata, words } from "./words";

/** What a script holds: the text that its document carries. */
export function ContentTab({ place }: { place: Place }) {
  const said = useManualWords(words, easydata);
  const query = useQuery(textQuery(place));
  return (
    <Asked query={query}>
      {({ text }) => {
        const content = contentOf(text);
        return content === "" ? <Typography.Text type="secondary">{said.nothing}</Typography.Text> : <CodeText text={content} language="text" label={place.name} />;
      }}
    </Asked>
  );
}
