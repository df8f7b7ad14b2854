import { Link } from "@tanstack/react-router";
import { Alert, Button, Descriptions, Dropdown, Flex, Tag } from "antd";
import { useState } from "react";

import { ExportDialog } from "@/shared/export/ExportDialog";
import { LongName } from "@/shared/look/LongName";
import { PageTitle } from "@/shared/look/PageTitle";
import { isVersioned, listOf } from "@/shared/objects/kinds";
import { JobState, useMissing } from "@/shared/objects/StateTag";
import { useMe } from "@/shared/session/session";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";

import type { Place, Saved } from "../api";
import { ObjectActDialog } from "./ActDialogs";
import type { ObjectAct } from "./acts";
import { TagsDialog } from "./TagsDialog";
import { easydata, words } from "./words";

type Dialog = ObjectAct | "export" | "tags";

/** An object's name, how it stands, and what can be done with it. */
export function ObjectHead({ place, object }: { place: Place; object: Saved }) {
  const said = useManualWords(words, easydata);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const missing = useMissing(object.held);
  const close = (): void => setDialog(null);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={object.name}>
        <Acts object={object} open={setDialog} />
      </PageTitle>
      {object.held.length > 0 && <Alert type="warning" showIcon title={said.heldBy} description={missing} />}
      {object.review && <Alert type="info" showIcon title={said.review} action={<ToReview id={object.review} />} />}
      <Facts object={object} workspace={place.workspace} />
      {dialog === "export" && <ExportDialog names={{ [place.kind]: [place.name] }} kind={place.kind} close={close} />}
      {dialog === "tags" && <TagsDialog place={place} object={object} close={close} />}
      {dialog !== null && dialog !== "export" && dialog !== "tags" && <ObjectActDialog place={place} object={object} act={dialog} close={close} />}
    </Flex>
  );
}

/** To the review or release that it is in, for whoever may look at these. */
function ToReview({ id }: { id: string }) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  if (!useMay("review-view")) return null;
  return (
    <Link to="/w/$workspace/reviews/$reviewId" params={{ workspace, reviewId: id }} search={settings["mode"] === "enterprise" ? { kind: "release" } : {}}>
      {said.seeReview}
    </Link>
  );
}

function Facts({ object, workspace }: { object: Saved; workspace: string }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const items = [
    object.state !== null && { key: "state", children: <JobState state={object.state} /> },
    object.kind !== "cdm" && {
      key: "directory",
      label: said.directory,
      children: (
        <Link to={listOf[object.kind]} params={{ workspace }} search={object.directory === "/" ? {} : { directory: object.directory }} className="beside">
          {object.directory}
        </Link>
      ),
    },
    object.type !== "" && { key: "type", label: said.type, children: object.type === "BATCH" || object.type === "REAL_TIME" ? said[object.type] : object.type },
    isVersioned(object.kind) && { key: "live", label: said.live, children: object.live_version > 0 ? `v${object.live_version}` : said.none },
    isVersioned(object.kind) && { key: "holder", label: said.holder, children: object.locked_by ? <LongName name={object.locked_by} /> : said.free },
    { key: "updated", label: said.updated, children: said.by(object.updated_by, time(object.updated_at)) },
    object.tags.length > 0 && { key: "tags", label: said.tags, children: <Flex gap="small" wrap>{object.tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}</Flex> },
  ];
  return <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 4 }} items={items.filter((item) => item !== false)} />;
}

function Acts({ object, open }: { object: Saved; open: (dialog: Dialog) => void }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  const { mayEdit, mayExport, more, main } = useActs(object);
  return (
    <Flex gap="small" wrap>
      {main.map((act) => (
        <Button key={act} type={act === "submit" ? "primary" : "default"} onClick={() => open(act)}>
          {said[act]}
        </Button>
      ))}
      {mayEdit && (
        <Button onClick={() => change({ tab: "edit" })}>{said.edit}</Button>
      )}
      {mayExport && <Button onClick={() => open("export")}>{said.export}</Button>}
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{ items: more.map((act) => ({ key: act, label: said[act], danger: act === "delete" })), onClick: ({ key }) => open(key as Dialog) }}
        >
          <Button>{said.more}</Button>
        </Dropdown>
      )}
    </Flex>
  );
}

/** What the reader may do with it, as it stands. */
function useActs({ kind, state, locked_by }: Saved) {
  const me = useMe().name;
  const mayEdit = useMay(kind === "job" ? "job-edit" : "library-edit");
  const mayDelete = useMay(kind === "job" ? "job-delete" : "library-edit");
  const mayOperate = useMay("job-operate") && kind === "job";
  const mayLock = useMay("lock-operate") && isVersioned(kind);
  const mayExport = useMay("export") && isVersioned(kind);
  const isStopped = state === "STOPPED";
  const acts: [ObjectAct, boolean][] = [
    ["start", mayOperate && isStopped],
    ["stop", mayOperate && !isStopped],
    ["submit", mayEdit && isVersioned(kind)],
  ];
  const further: [ObjectAct | "tags", boolean][] = [
    ["tags", mayEdit && kind === "job"],
    ["lock", mayLock && locked_by !== me],
    ["unlock", mayLock && locked_by !== ""],
    ["rename", mayEdit],
    ["move", mayEdit && kind !== "cdm"],
    ["delete", mayDelete],
  ];
  const allowed = <T,>(all: [T, boolean][]): T[] => all.filter(([, may]) => may).map(([act]) => act);
  return { mayEdit, mayExport, main: allowed(acts), more: allowed(further) };
}
