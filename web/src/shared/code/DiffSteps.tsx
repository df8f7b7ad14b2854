import { goToNextChunk, goToPreviousChunk } from "@codemirror/merge";
import type { EditorView } from "@codemirror/view";
import { Button, Flex } from "antd";
import type { RefObject } from "react";

import { useWords, type Words } from "@/shared/words/words";

const en = { former: "Previous difference", next: "Next difference" };
const words: Words<typeof en> = { en, zh: { former: "上一个不同", next: "下一个不同" } };

/** Goes from difference to difference of two compared texts, as the service's own comparison does. */
export function DiffSteps({ view }: { view: RefObject<EditorView | null> }) {
  const said = useWords(words);
  const go = (step: typeof goToNextChunk) => () => {
    if (view.current) step(view.current);
  };
  return (
    <Flex gap="small" wrap>
      <Button size="small" onClick={go(goToPreviousChunk)}>
        {said.former}
      </Button>
      <Button size="small" onClick={go(goToNextChunk)}>
        {said.next}
      </Button>
    </Flex>
  );
}
