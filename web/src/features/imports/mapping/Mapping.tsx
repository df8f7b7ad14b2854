import { useQuery } from "@tanstack/react-query";
import { Alert, Flex } from "antd";

import { Asked } from "@/shared/look/Asked";
import { space } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { keys, readFindings, type Finding, type Import } from "../api";
import { Findings } from "../Findings";
import { Answered } from "./Answered";
import { readCandidates, readGraveFindings } from "./api";
import { byKind, decided, hasMuted, isToDecide, UNMAPPABLE } from "./decide";
import { InTheWay } from "./InTheWay";
import { MissingThings } from "./MissingThings";
import { NextStep } from "./NextStep";
import { RouteOffer } from "./RouteOffer";
import { useDecisions } from "./useDecisions";
import { easydata, words } from "./words";

/** What the check found, thing by thing, each with what can be done about it. */
export function Mapping({ found }: { found: Import }) {
  const { name: workspace, settings } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, found.id), "findings", found.plan_digest],
    queryFn: () => readGraveFindings(workspace, found.id, hasMuted(found, settings)),
  });
  return <Asked query={query}>{(findings) => <Shown found={found} findings={findings} />}</Asked>;
}

function Shown({ found, findings }: { found: Import; findings: Finding[] }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [decisions, decide] = useDecisions(found.id);
  const toDecide = findings.filter(isToDecide);
  const missing = byKind(toDecide.filter((finding) => finding.need_name));
  const mappable = missing.map(([kind]) => kind).filter((kind) => !UNMAPPABLE.has(kind));
  const candidates = useQuery({
    queryKey: [...keys.one(workspace, found.id), "candidates", found.plan_digest],
    queryFn: () => readCandidates(workspace, found.id, mappable),
  });
  const inTheWay = toDecide.filter((finding) => !finding.need_name);
  const undecided = toDecide.filter((finding) => decided(finding, decisions) === undefined).length;
  const route = found.check?.route;
  return (
    <Flex vertical gap={space.medium}>
      {route && <RouteOffer found={found} route={route} />}
      {toDecide.length === 0 && <Alert type="success" showIcon title={said.nothing} />}
      {missing.map(([kind, group]) => (
        <MissingThings
          key={kind}
          kind={kind}
          findings={group}
          candidates={candidates.data ?? new Map<string, readonly string[]>()}
          decisions={decisions}
          decide={decide}
        />
      ))}
      {inTheWay.length > 0 && <InTheWay found={found} findings={inTheWay} decisions={decisions} decide={decide} />}
      <Answered found={found} />
      <Findings
        title={said.others}
        first={findings.filter((finding) => !isToDecide(finding))}
        asked={[...keys.one(workspace, found.id), "warnings", found.plan_digest]}
        read={(page) => readFindings(workspace, found.id, { severity: "warn", ...page })}
        counts={{ warn: found.check?.findings["warn"] ?? 0 }}
      />
      <NextStep found={found} findings={toDecide} decisions={decisions} undecided={undecided} />
    </Flex>
  );
}
