import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Typography } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { keys, type Finding, type Import } from "../api";
import { commandOf } from "../command";
import { changeOptions, discard } from "../plan/api";
import { addToInventory } from "./api";
import { changesAnything, optionsWith, thingsHere, type Decisions } from "./decide";
import { easydata, words } from "./words";

interface Props {
  found: Import;
  findings: Finding[];
  decisions: Decisions;
  undecided: number;
}

/** The way on, once each thing is decided; where that changes anything, the package is checked again. */
export function NextStep({ found, findings, decisions, undecided }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [, change] = useAddress();
  const options = optionsWith(found.options, findings, decisions);
  const again = () => queries.invalidateQueries({ queryKey: keys.all(workspace) });
  const going = useMutation({
    mutationFn: async () => {
      if (!changesAnything(findings, decisions)) return;
      const things = thingsHere(findings, decisions);
      if (things.length > 0) await addToInventory(workspace, things);
      queries.setQueryData(keys.one(workspace, found.id), await changeOptions(workspace, found.id, options));
    },
    onSuccess: () => change({ step: "plan" }),
  });
  const discarding = useMutation({ mutationFn: () => discard(workspace, found.id), onSettled: again });
  return (
    <Flex vertical gap="small" align="start">
      {going.isError && <Failure error={going.error} />}
      {discarding.isError && <Failure error={discarding.error} />}
      <Flex gap="small" align="center" wrap>
        <Button type="primary" disabled={undecided > 0} loading={going.isPending} onClick={() => going.mutate()}>
          {said.next}
        </Button>
        <Button onClick={() => change({ step: "package" })}>{said.toOptions}</Button>
        <Button type="text" loading={discarding.isPending} onClick={() => discarding.mutate()}>
          {said.discard}
        </Button>
        {undecided > 0 && <Typography.Text type="secondary">{said.undecided(undecided)}</Typography.Text>}
      </Flex>
      <Command text={commandOf("check", found.package_name, options, quoted(workspace))} />
    </Flex>
  );
}
