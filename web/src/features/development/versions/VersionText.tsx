import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Typography } from "antd";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { keys, readText, type Place } from "../api";
import { Source } from "./Source";
import { words } from "./words";

/** One version's text, which nobody can change any more. */
export function VersionText({ place, version }: { place: Place; version: string }) {
  const said = useWords(words);
  const [, change] = useAddress();
  const query = useQuery({ queryKey: [...keys.one(place), "text", version], queryFn: () => readText(place, version) });
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" justify="space-between" wrap>
        <Typography.Title level={2} style={{ margin: 0 }}>
          {said.viewing(version)}
        </Typography.Title>
        <Button onClick={() => change({ version: "" })}>{said.back}</Button>
      </Flex>
      <Asked query={query}>{({ text }) => <Source name={`${place.name}.v${version}`} kind={place.kind} text={text} />}</Asked>
      <Command text={`jobferry version show ${quoted(place.name)} ${version}${place.kind === "script" ? " --script" : ""} -w ${quoted(place.workspace)}`} />
    </Flex>
  );
}
