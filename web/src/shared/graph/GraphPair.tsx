import type { Viewport } from "@xyflow/react";
import { Spin, Typography } from "antd";
import { useMemo, useState } from "react";

import { VERDICT_SIGNS, useVerdictColours, verdictWords } from "@/shared/look/Verdict";
import { useWords } from "@/shared/words/words";

import GraphView, { type DrawnNode } from "./GraphView";
import { nodeChanges, type JobNode, type NodeChange } from "./jobGraph";
import type { Places } from "./place";
import { usePlaces } from "./usePlaces";

interface Side {
  name: string;
  nodes: readonly JobNode[];
}

/** A job's nodes before and after, each at the same place in both, in the colours of a plan; both move together. */
export default function GraphPair({ here, coming }: { here: Side; coming: Side }) {
  const [chosen, choose] = useState<string>();
  const [viewport, move] = useState<Viewport>();
  const changes = useMemo(() => nodeChanges(here.nodes, coming.nodes), [here.nodes, coming.nodes]);
  const all = useMemo(() => union(here.nodes, coming.nodes), [here.nodes, coming.nodes]);
  const places = usePlaces(all.nodes, all.places);
  if (places === null) return <Spin style={{ display: "block" }} />;
  const panes = [here, coming];
  return (
    <div className="pair">
      {panes.map((side, index) => (
        <div key={side.name}>
          <Typography.Text strong>{side.name}</Typography.Text>
          <Pane
            side={side}
            changes={changes}
            places={places}
            chosen={chosen}
            choose={choose}
            viewport={viewport}
            move={move}
            isFirst={index === 0}
          />
        </div>
      ))}
    </div>
  );
}

interface PaneProps {
  side: Side;
  changes: ReadonlyMap<string, NodeChange>;
  places: Places;
  chosen: string | undefined;
  choose: (id: string) => void;
  viewport: Viewport | undefined;
  move: (viewport: Viewport) => void;
  isFirst: boolean;
}

function Pane({ side, changes, places, chosen, choose, viewport, move, isFirst }: PaneProps) {
  const said = useWords(verdictWords);
  const colours = useVerdictColours();
  const nodes = useMemo(
    () =>
      side.nodes.map(({ name, type, after }): DrawnNode => {
        const change = changes.get(name) ?? "unchanged";
        return { id: name, name, after, colour: colours[change], kind: `${VERDICT_SIGNS[change]} ${said[change]} · ${type}` };
      }),
    [side.nodes, changes, colours, said],
  );
  return <GraphView nodes={nodes} places={places} chosen={chosen} choose={choose} label={side.name} together={{ viewport, move, isFirst }} />;
}

/** The nodes of both, and where they stand: as the coming text says, else as this one does. */
function union(here: readonly JobNode[], coming: readonly JobNode[]) {
  const byName = new Map([...here, ...coming].map((node) => [node.name, node]));
  const places: Partial<Places> = {};
  for (const { name, place } of [...here, ...coming]) if (place !== null) places[name] = place;
  return { nodes: [...byName.values()].map(({ name, after }) => ({ id: name, after })), places };
}
