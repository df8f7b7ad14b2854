import type { Viewport } from "@xyflow/react";
import { Button, Flex, Grid, Segmented, Spin, Typography } from "antd";
import { useMemo, useState } from "react";

import { VERDICT_SIGNS, useVerdictColours, verdictWords } from "@/shared/look/Verdict";
import { useAddress } from "@/shared/url/address";
import { height } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import GraphView, { type DrawnNode } from "./GraphView";
import { nodeChanges, type JobNode, type NodeChange } from "./jobGraph";
import { measureOnce } from "./measure";
import type { Places } from "./place";
import { showNode, startAt, type Size } from "./start";
import { usePlaces } from "./usePlaces";
import { words } from "./words";

interface Side {
  name: string;
  nodes: readonly JobNode[];
}

type Changes = ReadonlyMap<string, NodeChange>;

/**
 * A job's nodes before and after, each at the same place in both, in the colours of a plan; both move together.
 * They begin where something changes, as large as names can be read. A side without nodes has no graph.
 */
export default function GraphPair({ here, coming }: { here: Side; coming: Side }) {
  const changes = useMemo(() => nodeChanges(here.nodes, coming.nodes), [here.nodes, coming.nodes]);
  const all = useMemo(() => union(here.nodes, coming.nodes), [here.nodes, coming.nodes]);
  const places = usePlaces(all.nodes, all.places);
  if (places === null) return <Spin style={{ display: "block" }} />;
  return <Panes sides={[here, coming].filter(({ nodes }) => nodes.length > 0)} changes={changes} places={places} />;
}

function Panes({ sides, changes, places }: { sides: readonly Side[]; changes: Changes; places: Places }) {
  const [address] = useAddress();
  const isBelow = address["wide"] === "1" || sides.length === 1;
  const [chosen, choose] = useState<string>();
  const [size, measure] = useState<Size | null>(null);
  const [moved, move] = useState<Viewport>();
  const changed = useMemo(() => inOrder(changes, places), [changes, places]);
  const start = useMemo(() => size && startAt(changed.length > 0 ? changed : [...changes.keys()], places, size), [size, changed, changes, places]);
  const viewport = moved ?? start;
  const goNext = (): void => {
    const next = changed[(changed.indexOf(chosen ?? "") + 1) % changed.length];
    if (next === undefined || size === null || viewport === null) return;
    choose(next);
    move(showNode(next, places, size, viewport.zoom));
  };
  return (
    <Flex vertical gap="small">
      {sides.length > 1 && <Head count={changed.length} goNext={goNext} turned={() => move(undefined)} />}
      <div className={isBelow ? "pair pair-below" : "pair"} key={String(isBelow)}>
        {sides.map((side, index) => (
          <div key={side.name} ref={index === 0 ? (pane) => measureOnce(pane, height.pair, measure) : undefined}>
            <Typography.Text strong>{side.name}</Typography.Text>
            {viewport && (
              <Pane side={side} changes={changes} places={places} chosen={chosen} choose={choose} viewport={viewport} move={move} />
            )}
          </div>
        ))}
      </div>
    </Flex>
  );
}

interface HeadProps {
  count: number;
  goNext: () => void;
  turned: () => void;
}

/** How much changes, the way to it, and how the two graphs stand. */
function Head({ count, goNext, turned }: HeadProps) {
  const said = useWords(words);
  const isWide = Grid.useBreakpoint().lg ?? true;
  const [address, change] = useAddress();
  return (
    <Flex gap="small" align="center" wrap>
      <Typography.Text type="secondary">{count > 0 ? said.changed(count) : said.same}</Typography.Text>
      {count > 0 && (
        <Button size="small" onClick={goNext}>
          {said.next}
        </Button>
      )}
      {isWide && (
        <Segmented
          size="small"
          aria-label={said.placed}
          value={address["wide"] === "1" ? "1" : ""}
          options={[
            { value: "", label: said.beside },
            { value: "1", label: said.below },
          ]}
          onChange={(wide) => {
            turned();
            change({ wide });
          }}
        />
      )}
    </Flex>
  );
}

interface PaneProps {
  side: Side;
  changes: Changes;
  places: Places;
  chosen: string | undefined;
  choose: (id: string) => void;
  viewport: Viewport;
  move: (viewport: Viewport) => void;
}

function Pane({ side, changes, places, chosen, choose, viewport, move }: PaneProps) {
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
  return <GraphView nodes={nodes} places={places} chosen={chosen} choose={choose} label={side.name} together={{ viewport, move }} />;
}

/** What changes, from left to right. */
function inOrder(changes: Changes, places: Places): string[] {
  const left = (id: string): number => places[id]?.x ?? 0;
  return [...changes].flatMap(([id, change]) => (change === "unchanged" ? [] : [id])).sort((one, other) => left(one) - left(other));
}

/** The nodes of both, and where they stand: as the coming text says, else as this one does. */
function union(here: readonly JobNode[], coming: readonly JobNode[]) {
  const byName = new Map([...here, ...coming].map((node) => [node.name, node]));
  const places: Partial<Places> = {};
  for (const { name, place } of [...here, ...coming]) if (place !== null) places[name] = place;
  return { nodes: [...byName.values()].map(({ name, after }) => ({ id: name, after })), places };
}
