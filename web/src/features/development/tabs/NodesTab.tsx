import { useQuery } from "@tanstack/react-query";
import { Empty, Flex, Select, Typography } from "antd";
import { useEffect, useMemo } from "react";

import { Asked } from "@/shared/look/Asked";
import { width } from "@/shared/look/tokens";
import { Graph, prepareGraph } from "@/shared/graph/Graph";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { textQuery, type Outline, type Place } from "../api";
import { NodeDrawer } from "./NodeDrawer";
import { graphNodes, readNodes } from "./nodes";
import { easydata, words } from "./words";

/** The nodes of a job as a graph; the one that is chosen is in the address. */
export function NodesTab({ place, outline }: { place: Place; outline: Outline }) {
  const query = useQuery(textQuery(place));
  useEffect(prepareGraph, []);
  return <Asked query={query}>{({ text }) => <Nodes place={place} outline={outline} text={text} />}</Asked>;
}

function Nodes({ place, outline, text }: { place: Place; outline: Outline; text: string }) {
  const said = useManualWords(words, easydata);
  const sensitive = useWorkspace().settings["sensitive_names"];
  const [address, change] = useAddress();
  const read = useMemo(() => readNodes(text, sensitive?.split(",")), [text, sensitive]);
  const nodes = useMemo(() => graphNodes(outline), [outline]);
  const choose = (node: string): void => change({ node });
  const chosen = outline.nodes.find(({ name }) => name === address["node"]);
  if (nodes.length === 0) {
    return (
      <Empty description={<Typography.Text strong>{said.noNodes}</Typography.Text>}>
        <Typography.Text type="secondary">{said.noNodesText}</Typography.Text>
      </Empty>
    );
  }
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" justify="space-between" wrap>
        <Typography.Text type="secondary">
          {said.count(nodes.length)} · {said.laidOut}
        </Typography.Text>
        <Select
          showSearch
          allowClear
          aria-label={said.find}
          placeholder={said.find}
          value={chosen?.name ?? null}
          options={nodes.map(({ id, kind }) => ({ value: id, label: `${id} (${kind})` }))}
          onChange={(name: string | undefined) => choose(name ?? "")}
          style={{ width: width.form, maxWidth: "100%" }}
        />
      </Flex>
      <Graph nodes={nodes} places={read.places} from={chosen?.name} chosen={chosen?.name} choose={choose} label={said.graphOf(place.name)} />
      {chosen && <NodeDrawer node={chosen} details={read.details[chosen.name]} all={outline.nodes} close={() => choose("")} choose={choose} />}
    </Flex>
  );
}
