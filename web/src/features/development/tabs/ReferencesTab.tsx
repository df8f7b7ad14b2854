import { Flex, Grid, Typography } from "antd";

import type { Schemas } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { useLook } from "@/shared/look/theme";
import { plan, width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords } from "@/shared/session/workspace";
import { PagedTable } from "@/shared/table/PagedTable";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { keys, readReferences, readUses, type Place } from "../api";
import { easydata, words } from "./words";

type Reference = Schemas["ReferenceAnswer"];
type Use = Schemas["UseList"]["items"][number];

const COLOURS = { here: "create", missing: "blocked", unknown: "unchanged" } as const;

/** What an object refers to, and who uses it. */
export function ReferencesTab({ place }: { place: Place }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const { shade } = useLook();
  const ofKind = Grid.useBreakpoint().lg ? width.time : width.state;
  return (
    <Flex vertical gap="middle">
      <Typography.Title level={2}>{said.refersTo}</Typography.Title>
      <PagedTable<Reference>
        asked={[...keys.one(place), "references"]}
        read={(page) => readReferences(place, page)}
        rowKey={(row) => `${row.kind}/${row.workspace}/${row.name}/${row.role}`}
        empty={said.refersToNothing}
        pageKey="referencesPage"
        columns={[
          { title: said.kind, key: "kind", width: ofKind, render: (_, { kind, role }) => (role === "upstream" || role === "nested" ? said[role] : kinds[kind]) },
          { title: said.thing, key: "name", render: (_, { kind, name, workspace }) => <ObjectLink kind={kind} name={name} workspace={workspace} /> },
          { title: said.place, dataIndex: "path", responsive: ["lg"], render: (path: string) => <code className="beside">{path}</code> },
          { title: said.presence, dataIndex: "presence", width: width.state, render: (presence: Reference["presence"]) => <span style={{ color: plan[shade][COLOURS[presence]] }}>{said[presence]}</span> },
        ]}
      />
      <Typography.Title level={2}>{said.usedBy}</Typography.Title>
      <PagedTable<Use>
        asked={[...keys.one(place), "uses"]}
        read={(page) => readUses(place, page)}
        rowKey={(row) => `${row.workspace}/${row.kind}/${row.uid}`}
        empty={said.usedByNothing}
        pageKey="usesPage"
        columns={[
          { title: said.kind, dataIndex: "kind", width: ofKind, render: (kind: Use["kind"]) => kinds[kind] },
          { title: said.thing, key: "name", render: (_, { kind, name, workspace }) => <ObjectLink kind={kind} name={name} workspace={workspace} /> },
          { title: said.in, key: "in", width: width.time, responsive: ["md"], render: (_, { draft, live }) => (draft && live ? said.both : draft ? said.draft : said.live) },
        ]}
      />
      <Command text={`jobferry uses ${quoted(`${place.kind}:${place.name}`)} -w ${quoted(place.workspace)}`} />
    </Flex>
  );
}
