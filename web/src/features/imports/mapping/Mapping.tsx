import { useQuery } from "@tanstack/react-query";
import { Alert, Flex } from "antd";

import { Asked } from "@/shared/look/Asked";
import { space } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { keys, readFindings, type Finding, type Import } from "../api";
import { FindingsFolded } from "../Findings";
import { Answered } from "./Answered";
import { readCandidates } from "./api";
import { byKind, decided, isToDecide } from "./decide";
import { InTheWay } from "./InTheWay";
import { MissingThings } from "./MissingThings";
import { NextStep } from "./NextStep";
import { RouteOffer } from "./RouteOffer";
import { useDecisions } from "./useDecisions";
import { easydata, words } from "./words";

const MOST = 500;

/** What the check found, thing by thing, each with what can be done about it. */
export function Mapping({ found }: { found: Import }) {
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, found.id), "findings", found.plan_digest],
    queryFn: () => readFindings(workspace, found.id, { offset: 0, limit: MOST }),
  });
  return <Asked query={query}>{({ items }) => <Shown found={found} findings={items} />}</Asked>;
}

function Shown({ found, findings }: { found: Import; findings: Finding[] }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [decisions, decide] = useDecisions(found.id);
  const candidates = useQuery({
    queryKey: [...keys.one(workspace, found.id), "candidates", found.plan_digest],
    queryFn: () => readCandidates(workspace, found.id),
  });
  const toDecide = findings.filter(isToDecide);
  const missing = toDecide.filter((finding) => finding.need_name);
  const inTheWay = toDecide.filter((finding) => !finding.need_name);
  const undecided = toDecide.filter((finding) => decided(finding, decisions) === undefined).length;
  const route = found.check?.route;
  return (
    <Flex vertical gap={space.medium}>
      {route && <RouteOffer found={found} route={route} />}
      {toDecide.length === 0 && <Alert type="success" showIcon title={said.nothing} />}
      {byKind(missing).map(([kind, group]) => (
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
      <FindingsFolded title={said.others} findings={findings.filter((finding) => !isToDecide(finding))} />
      <NextStep found={found} findings={toDecide} decisions={decisions} undecided={undecided} />
    </Flex>
  );
}
