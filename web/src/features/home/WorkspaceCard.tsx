import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Card, Flex, Tag, Typography } from "antd";
import type { ReactNode } from "react";

import { Asked } from "@/shared/look/Asked";
import { OUTCOMES, VerdictTag } from "@/shared/look/Verdict";
import { useNamedWorkspace } from "@/shared/session/named";
import { useManualWords, WorkspaceProvider } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import { readWaiting, type Place, type Waiting } from "./waiting";
import { easydata, words } from "./words";

const EVERY_MS = 15_000;

/** What waits for the reader in one workspace, each with one thing to do about it. */
export function WorkspaceCard({ place }: { place: Place }) {
  const query = useQuery({
    queryKey: ["waiting", place.name],
    queryFn: () => readWaiting(place),
    refetchInterval: EVERY_MS,
  });
  const { query: named, here } = useNamedWorkspace(place.name);
  return (
    <Card title={place.name}>
      <Asked query={named}>
        {() => (
          <WorkspaceProvider value={here}>
            <Asked query={query}>{(waiting) => <Shown place={place} waiting={waiting} />}</Asked>
          </WorkspaceProvider>
        )}
      </Asked>
    </Card>
  );
}

function Shown({ place, waiting }: { place: Place; waiting: Waiting }) {
  return (
    <Flex vertical gap="middle">
      <Tasks place={place} waiting={waiting} />
      {waiting.receipts.length > 0 && <LastReceipts place={place} receipts={waiting.receipts} />}
    </Flex>
  );
}

function Tasks({ place, waiting }: { place: Place; waiting: Waiting }) {
  const said = useManualWords(words, easydata);
  const { lock, imports, reviews, held } = waiting;
  const isCalm = lock === null && imports.total + reviews + held === 0;
  if (isCalm && waiting.receipts.length + waiting.objects === 0 && place.actions.includes("import")) return <Begin place={place} />;
  if (isCalm) return <Typography.Text type="secondary">{said.calm}</Typography.Text>;
  return (
    <Flex vertical gap="small">
      {lock && (
        <Row text={`${said.running(lock.holder)}${lock.package_name ? `: ${lock.package_name}` : ""}`}>
          <ToImports workspace={place.name} text={said.look} />
        </Row>
      )}
      {imports.total > 0 && (
        <Row text={said.waits(imports.total)}>
          <ToWaiting workspace={place.name} imports={imports} />
        </Row>
      )}
      {reviews > 0 && (
        <Row text={said.reviews(reviews)}>
          <Link to="/w/$workspace/reviews" params={{ workspace: place.name }}>
            {said.decide}
          </Link>
        </Row>
      )}
      {held > 0 && (
        <Row text={said.held(held)}>
          <Link to="/w/$workspace/jobs" params={{ workspace: place.name }} search={{ held: "yes" }}>
            {said.look}
          </Link>
        </Row>
      )}
    </Flex>
  );
}

function Begin({ place: { name: workspace, actions } }: { place: Place }) {
  const said = useManualWords(words, easydata);
  return (
    <Flex vertical align="start" gap="small">
      <Typography.Text strong>{said.first}</Typography.Text>
      <Typography.Text type="secondary">{said.firstText}</Typography.Text>
      <Flex gap="small" wrap>
        <Link to="/w/$workspace/imports/new" params={{ workspace }}>
          <Button type="primary" tabIndex={-1}>
            {said.importJob}
          </Button>
        </Link>
        {actions.includes("job-create") && (
          <Link to="/w/$workspace/new/$kind" params={{ workspace, kind: "job" }}>
            <Button tabIndex={-1}>{said.makeJob}</Button>
          </Link>
        )}
      </Flex>
    </Flex>
  );
}

function Row({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Flex justify="space-between" align="center" gap="small">
      <Typography.Text className="beside">{text}</Typography.Text>
      {children}
    </Flex>
  );
}

/** To the import that waits, or to all of them. */
function ToWaiting({ workspace, imports }: { workspace: string; imports: Waiting["imports"] }) {
  const said = useManualWords(words, easydata);
  const [only] = imports.items;
  if (imports.total > 1 || only === undefined) return <ToImports workspace={workspace} text={said.decide} state="checked" />;
  return (
    <Link to="/w/$workspace/imports/$importId" params={{ workspace, importId: only.id }}>
      {said.decide}
    </Link>
  );
}

function ToImports({ workspace, text, state = "" }: { workspace: string; text: string; state?: string }) {
  return (
    <Link to="/w/$workspace/imports" params={{ workspace }} search={{ state }}>
      {text}
    </Link>
  );
}

function LastReceipts({ place, receipts }: { place: Place; receipts: Waiting["receipts"] }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  return (
    <Flex vertical gap="small">
      <Typography.Text type="secondary">{said.last}</Typography.Text>
      {receipts.map((receipt) => (
        <Flex key={receipt.id} gap="small" wrap align="baseline">
          <Link to="/w/$workspace/receipts/$receiptId" params={{ workspace: place.name, receiptId: receipt.id }} className="beside">
            {receipt.package_name}
          </Link>
          {receipt.kind === "undo" && <Tag>{said.undo}</Tag>}
          {receipt.undone_by !== null && <Tag>{said.undone}</Tag>}
          {OUTCOMES.map((outcome) => (receipt.counts[outcome] ? <VerdictTag key={outcome} of={outcome} count={receipt.counts[outcome]} /> : null))}
          <Typography.Text type="secondary">{said.by(receipt.imported_by, time(receipt.imported_at))}</Typography.Text>
        </Flex>
      ))}
    </Flex>
  );
}
