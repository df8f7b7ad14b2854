import { Alert, Button, Flex } from "antd";

import { CodeDiff } from "@/shared/code/Code";
import { copy } from "@/shared/look/copy";
import { useManualWords } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import type { Theirs } from "./save";
import { easydata, words } from "./words";

interface Props {
  theirs: Theirs;
  mine: string;
  take: () => void;
  overwrite: () => void;
}

/** Two people have changed the same draft: both texts, and the ways out. */
export function Conflict({ theirs, mine, take, overwrite }: Props) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  return (
    <Flex vertical gap="small">
      <Alert type="warning" showIcon role="alert" title={said.conflict} description={said.conflictText(theirs.by, time(theirs.at))} />
      <Flex gap="small" wrap>
        <Button type="primary" onClick={() => void copy(mine)}>
          {said.copyMine}
        </Button>
        <Button onClick={take}>{said.theirs}</Button>
        <Button danger onClick={overwrite}>
          {said.mine}
        </Button>
      </Flex>
      <CodeDiff former={theirs.text} latter={mine} language="json" label={said.difference} />
    </Flex>
  );
}
