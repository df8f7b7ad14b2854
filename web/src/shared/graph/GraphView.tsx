import "@xyflow/react/dist/style.css";

import { Background, Controls, Handle, MarkerType, MiniMap, Position, ReactFlow, type Edge, type Node, type NodeProps, type Viewport } from "@xyflow/react";
import { Spin } from "antd";
import { memo, startTransition, useEffect, useMemo, useState } from "react";

import { useLook } from "@/shared/look/theme";
import { height } from "@/shared/look/tokens";

import { measureOnce } from "./measure";
import { BOX, type GraphNode, type Places } from "./place";
import { paneHeight, startAt, type Size } from "./start";
import { usePlaces } from "./usePlaces";

/** What a node shows: its name, what it is, and the colour of its edge. */
export interface DrawnNode extends GraphNode {
  name: string;
  kind: string;
  colour?: string | undefined;
}

type Drawn = Node<{ name: string; kind: string; colour: string | undefined }, "box">;

const MANY = 300;
const FARTHEST = 0.02;

interface Props {
  nodes: readonly DrawnNode[];
  places?: Partial<Places>;
  chosen: string | undefined;
  choose: (id: string) => void;
  label: string;
  /** Where a graph begins that cannot be read as a whole; else at its first node from the left. */
  from?: string | undefined;
  together?: Together;
}

/** What two graphs beside each other share: where they are looked at. */
interface Together {
  viewport: Viewport;
  move: (viewport: Viewport) => void;
}

const NOWHERE = {};
const boxes = { box: memo(Box) };

/** Nodes and what comes after what. It can be moved and zoomed, and walked through by Tab and Enter. */
export default function GraphView({ nodes, places = NOWHERE, chosen, choose, label, from, together }: Props) {
  const { shade } = useLook();
  const found = usePlaces(nodes, places);
  const drawn = useMemo(() => (found === null ? [] : nodes.map((node) => drawnNode(node, found, chosen))), [nodes, found, chosen]);
  const edges = useMemo(() => edgesOf(nodes), [nodes]);
  const [size, measure] = useState<Size | null>(null);
  const isWhole = useAfterward(size !== null);
  if (found === null) return <Spin style={{ display: "block" }} />;
  const ids = nodes.map(({ id }) => id);
  const high = together ? height.pair : paneHeight(ids, found);
  return (
    <div style={{ height: high }} role="group" aria-label={label} ref={(pane) => measureOnce(pane, high, measure)}>
      {size && (
        <ReactFlow
          colorMode={shade}
          nodes={drawn}
          edges={edges}
          nodeTypes={boxes}
          onNodeClick={(_, { id }) => choose(id)}
          onSelectionChange={({ nodes: [first] }) => first !== undefined && first.id !== chosen && choose(first.id)}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          width={size.width}
          height={size.height}
          onlyRenderVisibleElements={nodes.length > MANY || !isWhole}
          {...(together ? { onViewportChange: together.move, viewport: together.viewport } : { defaultViewport: startAt(ids, found, size, from) })}
          minZoom={FARTHEST}
          proOptions={{ hideAttribution: true }}
        >
          <Background />
          <Controls showInteractive={false} />
          {isWhole && nodes.length > MANY / 10 && nodes.length <= MANY && <MiniMap pannable />}
        </ReactFlow>
      )}
    </div>
  );
}

/** Whether something was shown already: what lies outside of the pane is drawn behind what can be seen. */
function useAfterward(isBegun: boolean): boolean {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isBegun) return undefined;
    const next = requestAnimationFrame(() => startTransition(() => setShown(true)));
    return () => cancelAnimationFrame(next);
  }, [isBegun]);
  return isShown;
}

/** Where edges begin and end, so that they are drawn before nodes are measured. */
const HANDLES = [
  { type: "target" as const, position: Position.Left, x: 0, y: BOX.height / 2 },
  { type: "source" as const, position: Position.Right, x: BOX.width, y: BOX.height / 2 },
];

function drawnNode({ id, name, kind, colour }: DrawnNode, places: Places, chosen: string | undefined): Drawn {
  return {
    id,
    type: "box",
    position: places[id] ?? { x: 0, y: 0 },
    width: BOX.width,
    height: BOX.height,
    selected: id === chosen,
    ariaLabel: `${name}, ${kind}`,
    handles: HANDLES,
    data: { name, kind, colour },
  };
}

function edgesOf(nodes: readonly DrawnNode[]): Edge[] {
  const known = new Set(nodes.map(({ id }) => id));
  return nodes.flatMap(({ id, after }) =>
    [...new Set(after)]
      .filter((former) => known.has(former))
      .map((former) => ({ id: `${former}\n${id}`, source: former, target: id, markerEnd: { type: MarkerType.ArrowClosed } })),
  );
}

function Box({ data: { name, kind, colour }, selected }: NodeProps<Drawn>) {
  return (
    <div className={`graph-node${selected ? " graph-node-chosen" : ""}${colour ? " graph-node-coloured" : ""}`} style={colour ? { borderColor: colour } : {}} title={name}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong>{name}</strong>
      <span>{kind}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
