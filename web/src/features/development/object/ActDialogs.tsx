import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Form, Input, Typography } from "antd";
import { useState, type ReactNode } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { Asked } from "@/shared/look/Asked";
import { quoted } from "@/shared/look/Command";
import { MustTick } from "@/shared/look/MustTick";
import { isVersioned, listOf, pageOf } from "@/shared/objects/kinds";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { keys, readUses, type Approval, type Place, type Saved } from "../api";
import { carryOut, type ObjectAct } from "./acts";
import { approvalOptions } from "./approvalOptions";
import { ApprovalFields, MOST_NOTE, needsApproval } from "./ApprovalFields";
import { easydata, words } from "./words";

/** As many users of an object as are named before it is deleted. */
const NAMED = 10;

interface Props {
  place: Place;
  object: Saved;
  act: ObjectAct;
  close: () => void;
}

/** Asks before something is done with one object, in the manual's way. */
export function ObjectActDialog({ place, object, act, close }: Props) {
  const said = useManualWords(words, easydata);
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const go = useNavigate();
  const [approval, setApproval] = useState<Approval>({});
  const [typed, type] = useState(act === "move" ? object.directory : object.name);
  const [isAgreed, agree] = useState(false);
  const asksApproval = needsApproval(workspace, act);
  const how = { to: typed.trim(), approval, digest: object.digest };
  const done = async (now: string | null): Promise<void> => {
    close();
    if (now === null) await go({ to: listOf[place.kind], params: { workspace: place.workspace } });
    else if (now !== place.name) await go({ to: pageOf[place.kind], params: { workspace: place.workspace, name: now }, replace: true });
    await queries.invalidateQueries({ queryKey: keys.all(place.workspace) });
  };
  return (
    <ActDialog
      title={said[`${act}Title`](object.name)}
      ok={said[act]}
      isDangerous={act === "delete"}
      isReady={how.to !== "" && (act !== "submit" || isAgreed)}
      act={() => carryOut(place, act, how)}
      done={(now) => void done(now)}
      close={close}
      command={commandOf(place, act, how.to, approval)}
    >
      <Explained place={place} object={object} act={act} waits={asksApproval && !approval.publish} />
      {(act === "rename" || act === "move") && (
        <Form layout="vertical">
          <Form.Item label={act === "rename" ? said.newName : said.to}>
            <Input autoFocus aria-label={act === "rename" ? said.newName : said.to} value={typed} onChange={({ target }) => type(target.value)} />
          </Form.Item>
        </Form>
      )}
      {asksApproval && <ApprovalFields value={approval} change={setApproval} />}
      {act === "submit" && (
        <Submitting hasLive={object.live_version > 0} close={close}>
          {!asksApproval && <Note value={approval.note ?? ""} change={(note) => setApproval({ note })} />}
          <MustTick text={said.nextCycle} isTicked={isAgreed} tick={agree} />
        </Submitting>
      )}
    </ActDialog>
  );
}

function Explained({ place, object, act, waits }: Pick<Props, "place" | "object" | "act"> & { waits: boolean }) {
  const said = useManualWords(words, easydata);
  if (act === "delete") return <Users place={place} />;
  const lock = object.locked_by ? said.lockText(object.locked_by) : said.lockFree;
  const text = { start: `${said.startText} ${said.noEngine}`, stop: said.stopText, submit: waits ? said.submitReviewed : said.submitText, lock, unlock: said.unlockText, rename: said.renameText, move: "" }[act];
  return text && <Typography.Text type="secondary">{text}</Typography.Text>;
}

/** What goes with it, and who would miss it. */
function Users({ place }: { place: Place }) {
  const said = useManualWords(words, easydata);
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const query = useQuery({ queryKey: [...keys.one(place), "uses", "first"], queryFn: () => readUses(place, { offset: 0, limit: NAMED }) });
  const text = { job: said.deleteText, script: said.deleteVersions, resource: "", cdm: "" }[place.kind];
  return (
    <>
      {text && <Typography.Text>{text}</Typography.Text>}
      <Asked query={query}>
        {({ total, items }) =>
          total === 0 ? (
            <Typography.Text>{said.unused}</Typography.Text>
          ) : (
            <Alert
              type="warning"
              showIcon
              title={said.used(total)}
              description={[...items.map(({ kind, name }) => `${kinds[kind] ?? kind} ${name}`), total > items.length && said.others(total - items.length)].filter(Boolean).join(" · ")}
            />
          )
        }
      </Asked>
    </>
  );
}

function Submitting({ hasLive, close, children }: { hasLive: boolean; close: () => void; children: ReactNode }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  return (
    <>
      {children}
      {hasLive && (
        <Typography.Link
          onClick={() => {
            close();
            change({ tab: "versions", former: "live", latter: "" });
          }}
        >
          {said.compare}
        </Typography.Link>
      )}
    </>
  );
}

function Note({ value, change }: { value: string; change: (note: string) => void }) {
  const said = useManualWords(words, easydata);
  return (
    <Form layout="vertical">
      <Form.Item label={said.note}>
        <Input.TextArea autoFocus aria-label={said.note} showCount maxLength={MOST_NOTE} value={value} onChange={({ target }) => change(target.value)} />
      </Form.Item>
    </Form>
  );
}

function commandOf({ workspace, kind, name }: Place, act: ObjectAct, to: string, approval: Approval): string {
  const where = `-w ${quoted(workspace)}`;
  const script = kind === "script" ? " --script" : "";
  if (act === "lock" || act === "unlock") return `jobferry lock ${act === "lock" ? "take" : "release"} ${quoted(name)}${script} ${where}`;
  const more = [
    act === "rename" || act === "move" ? quoted(to) : "",
    ...approvalOptions(approval),
    isVersioned(kind) && act === "submit" ? "--lock" : "",
    act === "delete" ? "--yes" : "",
  ].filter(Boolean);
  return ["jobferry", kind, act, quoted(name), ...more, where].join(" ");
}
