import { useQuery } from "@tanstack/react-query";
import { Grid, Select } from "antd";
import { useState } from "react";

import { isInventoryKind } from "@/shared/objects/inventory";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import type { Finding } from "../api";
import { readThings } from "./api";
import { UNMAPPABLE, type Decision } from "./decide";
import { easydata, words } from "./words";

interface Props {
  finding: Finding;
  candidates: readonly string[];
  decision: Decision | undefined;
  decide: (decision: Decision) => void;
}

const HOLD = "hold:";
const LEAVE = "leave:";
const MAP = "map:";
const HERE = "here:";

/** What stands for a missing thing: one that is here, a typed name that exists here, waiting, or doing without. */
export function Chooser({ finding, candidates, decision, decide }: Props) {
  const said = useManualWords(words, easydata);
  const isWide = Grid.useBreakpoint().sm !== false;
  const [typed, setTyped] = useState("");
  const options = useOptions(finding, candidates, typed, decision);
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setTyped }}
      status={decision ? "" : "warning"}
      aria-label={finding.need_name}
      placeholder={isInventoryKind(finding.need_kind) ? said.choose : said.chooseHere}
      notFoundContent={said.noneCalled}
      popupMatchSelectWidth={!isWide}
      classNames={{ popup: { root: "wraps" } }}
      className="grows"
      value={decision ? textOf(decision) : null}
      options={options}
      onChange={(value) => decide(decisionOf(value))}
    />
  );
}

function useOptions(finding: Finding, candidates: readonly string[], typed: string, decision: Decision | undefined) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const kind = finding.need_kind;
  const { data: found = [] } = useQuery({
    queryKey: ["things", workspace, kind, typed],
    queryFn: () => readThings(workspace, kind, typed),
    enabled: !UNMAPPABLE.has(kind),
  });
  const isMade = decision?.act === "map" && decision.to === finding.need_name;
  const likely = UNMAPPABLE.has(kind) ? [] : candidates.filter((name) => name.includes(typed));
  const names = [...new Set([...likely, ...found])].filter((name) => name !== finding.need_name || isMade);
  const canSay = isInventoryKind(kind);
  const name = typed.trim() || finding.need_name;
  const otherwise = {
    label: said.otherwise,
    options: [
      { value: HOLD, label: said.hold },
      { value: LEAVE, label: said.leave },
    ],
  };
  return [
    {
      label: said.instead,
      options: [
        ...names.map((one) => ({ value: MAP + one, label: one })),
        ...(canSay && !names.includes(name) ? [{ value: HERE + name, label: said.here(name) }] : []),
      ],
    },
    ...(typed.trim() ? [] : [otherwise]), // or else Enter behind a name that is not here would hold
  ].filter((group) => group.options.length > 0);
}

function textOf(decision: Decision): string {
  if (decision.act === "map") return MAP + decision.to;
  if (decision.act === "here") return HERE + decision.to;
  return decision.act === "hold" ? HOLD : LEAVE;
}

function decisionOf(text: string): Decision {
  if (text.startsWith(MAP)) return { act: "map", to: text.slice(MAP.length) };
  if (text.startsWith(HERE)) return { act: "here", to: text.slice(HERE.length) };
  return text === HOLD ? { act: "hold" } : { act: "leave" };
}
