import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Typography } from "antd";

import { CodeDiff } from "@/shared/code/Code";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { keys, readText, type Place } from "../api";
import { words } from "./words";

/** Two texts of an object beside each other; without ``latter``, the later one is the draft. */
export function Comparison({ place, former, latter }: { place: Place; former: string; latter: string }) {
  const said = useWords(words);
  const [, change] = useAddress();
  const query = useQuery({
    queryKey: [...keys.one(place), "compare", former, latter],
    queryFn: () => Promise.all([readText(place, former), readText(place, latter)]),
  });
  const title = said.comparing(said.nameOf(former), latter ? said.nameOf(latter) : said.draft);
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" justify="space-between" wrap>
        <Typography.Title level={2} style={{ margin: 0 }}>
          {title}
        </Typography.Title>
        <Button onClick={() => change({ former: "", latter: "" })}>{said.back}</Button>
      </Flex>
      <Asked query={query}>
        {([from, to]) => (from.text === to.text ? <Typography.Text>{said.same}</Typography.Text> : <CodeDiff former={from.text} latter={to.text} language="json" label={title} />)}
      </Asked>
      <Command
        text={`jobferry version diff ${quoted(place.name)} ${former}${latter ? ` ${latter}` : ""}${place.kind === "script" ? " --script" : ""} -w ${quoted(place.workspace)}`}
      />
    </Flex>
  );
}
