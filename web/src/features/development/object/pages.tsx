import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Flex, Skeleton, Tabs, Typography } from "antd";
import { lazy, Suspense, type ReactNode } from "react";

import { fetched } from "@/shared/api/code";
import { Asked } from "@/shared/look/Asked";
import { isVersioned, type ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { keys, outlineQuery, readObject, type Outline, type Place, type Saved } from "../api";
import { LineageTab } from "../lineage/LineageTab";
import { ContentTab } from "../tabs/ContentTab";
import { DocumentTab } from "../tabs/DocumentTab";
import { NodesTab } from "../tabs/NodesTab";
import { ParametersTab } from "../tabs/ParametersTab";
import { ReferencesTab } from "../tabs/ReferencesTab";
import { ScheduleTab } from "../tabs/ScheduleTab";
import { VersionsTab } from "../versions/VersionsTab";
import { ObjectHead } from "./ObjectHead";
import { useTab } from "./useTab";
import { easydata, words } from "./words";

export { layOutJob } from "../tabs/nodes";

const EditTab = lazy(() => fetched(import("../edit/EditTab")).then((room) => ({ default: room.EditTab })));

/** The form and the editor, whose code comes only when somebody edits. */
function Edit(props: { place: Place; object: Saved }) {
  return (
    <Suspense fallback={<Skeleton active />}>
      <EditTab {...props} />
    </Suspense>
  );
}

function usePlace(kind: ObjectKind): Place {
  const { name: workspace } = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  return { workspace, kind, name };
}

/** A job: how it stands, what it is made of, when it runs, who uses it, and what it was. */
export function JobPage() {
  const place = usePlace("job");
  const query = useQuery(outlineQuery(place));
  return <Asked query={query}>{(outline) => <Job key={place.name} place={place} outline={outline} />}</Asked>;
}

const JOB_TABS = ["graph", "schedule", "parameters", "references", "lineage", "versions", "document", "edit"] as const;

function Job({ place, outline }: { place: Place; outline: Outline }) {
  const tabs = {
    graph: <NodesTab place={place} outline={outline} />,
    schedule: <ScheduleTab outline={outline} />,
    parameters: <ParametersTab outline={outline} />,
    references: <ReferencesTab place={place} />,
    lineage: <LineageTab place={place} />,
    versions: <VersionsTab place={place} object={outline.object} />,
    document: <DocumentTab place={place} />,
    edit: <Edit place={place} object={outline.object} />,
  };
  return <ObjectTabs place={place} object={outline.object} description={outline.description} order={JOB_TABS} tabs={tabs} />;
}

/** A script, resource or CDM definition. */
function LibraryPage({ kind }: { kind: Exclude<ObjectKind, "job"> }) {
  const place = usePlace(kind);
  const query = useQuery({ queryKey: [...keys.one(place), "head"], queryFn: () => readObject(place) });
  return <Asked query={query}>{(object) => <Library key={place.name} place={place} object={object} />}</Asked>;
}

const SCRIPT_TABS = ["content", "references", "versions", "document", "edit"] as const;
const LIBRARY_TABS = ["document", "references", "edit"] as const;

function Library({ place, object }: { place: Place; object: Saved }) {
  const tabs = {
    content: <ContentTab place={place} />,
    references: <ReferencesTab place={place} />,
    versions: <VersionsTab place={place} object={object} />,
    document: <DocumentTab place={place} />,
    edit: <Edit place={place} object={object} />,
  };
  return <ObjectTabs place={place} object={object} description="" order={isVersioned(place.kind) ? SCRIPT_TABS : LIBRARY_TABS} tabs={tabs} />;
}

type Tab = (typeof JOB_TABS)[number] | (typeof SCRIPT_TABS)[number];

interface Props {
  place: Place;
  object: Saved;
  description: string;
  order: readonly [Tab, ...Tab[]];
  tabs: Partial<Record<Tab, ReactNode>>;
}

function ObjectTabs({ place, object, description, order, tabs }: Props) {
  const said = useManualWords(words, easydata);
  const [open, choose] = useTab<Tab>(order);
  return (
    <Flex vertical gap="middle">
      <ObjectHead place={place} object={object} />
      {description && <Typography.Text className="beside lines">{description}</Typography.Text>}
      <Tabs
        activeKey={open}
        onChange={(tab) => choose(tab as Tab)}
        destroyOnHidden
        items={order.filter((tab) => tab !== "edit" || open === "edit").map((tab) => ({ key: tab, label: said[tab], children: tabs[tab] }))}
      />
    </Flex>
  );
}

export function ScriptPage() {
  return <LibraryPage kind="script" />;
}

export function ResourcePage() {
  return <LibraryPage kind="resource" />;
}

export function CdmPage() {
  return <LibraryPage kind="cdm" />;
}
