import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Descriptions, Flex, Typography } from "antd";
import { useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";
import { useListed } from "@/shared/words/lists";

import { keys, readReview, type Act, type Review, type ReviewKind } from "./api";
import { DecisionDialog } from "./DecisionDialog";
import { Items } from "./Items";
import { actsFor } from "./rights";
import { StateTag } from "./StateTag";
import { easydata, words } from "./words";

const EVERY_MS = 15_000;

/** One review or release: what is asked for, by whom, and what the reader can do about it. */
export function ReviewPage() {
  const { reviewId } = useParams({ from: "/signed-in/w/$workspace/reviews/$reviewId" });
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const kind: ReviewKind = address["kind"] === "release" ? "release" : "review";
  const query = useQuery({
    queryKey: keys.one(workspace, reviewId),
    queryFn: () => readReview(workspace, kind, reviewId, { limit: 1 }),
    refetchInterval: EVERY_MS,
  });
  return <Asked query={query}>{(review) => <Shown review={review} />}</Asked>;
}

function Shown({ review }: { review: Review }) {
  const said = useManualWords(words, easydata);
  const listed = useListed();
  const workspace = useWorkspace();
  const me = useMe();
  const [act, setAct] = useState<Act | null>(null);
  const acts = actsFor(review, me, workspace);
  const isPending = review.state === "pending";
  const isMine = review.asked_by === me.name;
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={review.name}>
        <StateTag state={review.state} />
      </PageTitle>
      <About review={review} />
      <Flex gap="small" wrap>
        {acts.map((one) => (
          <Button key={one} type={one === "approve" ? "primary" : "default"} onClick={() => setAct(one)}>
            {said[one]}
          </Button>
        ))}
      </Flex>
      {isPending && !acts.includes("approve") && (
        <Typography.Text type="secondary">{isMine ? said.own : review.approvers.length > 0 && said.others(listed(review.approvers))}</Typography.Text>
      )}
      <Items review={review} />
      <Command text={`jobferry ${review.kind} show ${review.id} -w ${quoted(workspace.name)}`} />
      {act !== null && <DecisionDialog review={review} act={act} close={() => setAct(null)} />}
    </Flex>
  );
}

function About({ review }: { review: Review }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const time = useTimes();
  const listed = useListed();
  const items = [
    { key: "asked", label: said.askedBy, children: said.by(review.asked_by, time(review.asked_at)) },
    { key: "approvers", label: said.approvers, children: listed(review.approvers) || said.anybody },
    ...(review.note ? [{ key: "note", label: said.note, children: review.note }] : []),
    ...(review.decided_by ? [{ key: "decided", label: said.decidedBy, children: said.by(review.decided_by, time(review.decided_at)) }] : []),
    ...(review.answer ? [{ key: "answer", label: said.answer, children: review.answer }] : []),
    ...(review.import_id
      ? [
          {
            key: "import",
            label: said.origin,
            children: (
              <Link to="/w/$workspace/receipts/$receiptId" params={{ workspace, receiptId: review.import_id }}>
                {said.seeImport}
              </Link>
            ),
          },
        ]
      : []),
  ];
  return <Descriptions size="small" column={{ xs: 1, md: 2 }} items={items} />;
}
