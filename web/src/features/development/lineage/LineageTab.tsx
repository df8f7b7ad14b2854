import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Checkbox, Flex, Segmented, Typography } from "antd";
import { useMemo } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { Graph } from "@/shared/graph/Graph";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { plan } from "@/shared/look/tokens";
import { useLook } from "@/shared/look/theme";
import { isObjectKind, pageOf } from "@/shared/objects/kinds";
import { useManualWords } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { keys, type Place } from "../api";
import { easydata, words } from "./words";

type Found = Schemas["Graph"];

const REACHES = ["direct", "connected", "all"] as const;
type Reach = (typeof REACHES)[number];

/** As far as the platform goes, and as many as it shows. */
const MOST_HOPS = 5;
const MOST_NODES = 200;

/** How far each choice goes, and through what. */
const ASKED = {
  direct: { hops: 1, kinds: ["job" as const] },
  connected: { hops: MOST_HOPS, kinds: ["job" as const] },
  all: { hops: MOST_HOPS, kinds: [] },
};

/** Who comes before a job and who after it: those next to it, all that are connected, or with all that they use. */
export function LineageTab({ place }: { place: Place }) {
  const said = useManualWords(words, easydata);
  const [address, change] = useAddress();
  const reach: Reach = REACHES.find((one) => one === address["reach"]) ?? "direct";
  const isLive = address["text"] === "live";
  const { hops, kinds } = ASKED[reach];
  const query = useQuery({
    queryKey: [...keys.one(place), "lineage", reach, isLive],
    queryFn: () =>
      answer(
        api.GET("/api/workspaces/{workspace}/jobs/{name}/neighbourhood", {
          params: {
            path: { workspace: place.workspace, name: place.name },
            query: { hops, most: MOST_NODES, state: isLive ? "live" : "draft", ...(kinds.length > 0 ? { kind: kinds } : {}) },
          },
        }),
      ),
  });
  return (
    <Flex vertical gap="small">
      <Flex gap="middle" align="center" wrap>
        <Segmented<Reach>
          value={reach}
          options={REACHES.map((value) => ({ value, label: said[value] }))}
          onChange={(next) => change({ reach: next === "direct" ? "" : next })}
        />
        <Checkbox checked={isLive} onChange={({ target }) => change({ text: target.checked ? "live" : "" })}>
          {said.live}
        </Checkbox>
      </Flex>
      <Asked query={query}>{(found) => <Lineage place={place} found={found} />}</Asked>
      <Command
        text={`jobferry graph ${quoted(place.name)} --around --hops ${hops}${kinds.length > 0 ? "" : " --kind all"}${isLive ? " --live" : ""} -w ${quoted(place.workspace)}`}
      />
    </Flex>
  );
}

function Lineage({ place, found }: { place: Place; found: Found }) {
  const said = useManualWords(words, easydata);
  const go = useNavigate();
  const { shade } = useLook();
  const kinds = useManualWords(kindWords, easydataKinds);
  const nodes = useMemo(() => {
    const colours = { here: undefined, missing: plan[shade].blocked, unknown: plan[shade].held };
    return found.nodes.map((node) => ({
      id: String(node.number),
      name: node.workspace ? `${node.workspace}/${node.name}` : node.name,
      kind: [kinds[node.kind], node.presence === "missing" ? said.missing : ""].filter(Boolean).join(" · "),
      colour: node.hop === 0 ? plan[shade].create : colours[node.presence],
      after: found.edges.filter(({ user }) => user === node.number).map(({ used }) => String(used)),
    }));
  }, [found, kinds, said, shade]);
  const open = (id: string): void => {
    const node = found.nodes[Number(id)];
    if (node === undefined || !isObjectKind(node.kind) || node.presence !== "here") return;
    const tab = node.kind === "job" ? { tab: "lineage" } : {};
    void go({ to: pageOf[node.kind], params: { workspace: node.workspace || place.workspace, name: node.name }, search: tab });
  };
  const own = nodes[found.nodes.findIndex(({ hop }) => hop === 0)]?.id;
  const left = found.left_out.reduce((sum, { count }) => sum + count, 0);
  return (
    <Flex vertical gap="small">
      {found.nodes.length === 1 && <Typography.Text>{said.alone}</Typography.Text>}
      {left > 0 && <Alert type="info" showIcon title={said.leftOut(left)} description={found.left_out.map(({ hop, direction, count }) => said.leftAt(count, hop, said[direction])).join("; ")} />}
      <Graph nodes={nodes} from={own} chosen={undefined} choose={open} label={said.graphOf(place.name)} />
    </Flex>
  );
}
