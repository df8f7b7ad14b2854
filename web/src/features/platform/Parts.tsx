import type { UseQueryResult } from "@tanstack/react-query";
import { Card, Table } from "antd";

import { answer, api } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

interface Part {
  name: string;
  version: string;
  licence: string;
  place: "console" | "server";
}

/** What the build of the console writes of each package that is in it. */
interface Bundled {
  name: string;
  version: string;
  identifier?: string;
}

interface Made {
  database: string;
  items: Part[];
}

/** What the server tells of itself, and what the build wrote of the console. */
export async function readParts(): Promise<Made> {
  const [server, file] = await Promise.all([answer(api.GET("/api/platform/parts")), fetch("/assets/licences.json")]);
  const bundled = (await file.json()) as Bundled[];
  const items = [
    ...bundled.map(({ name, version, identifier = "" }) => ({ name, version, licence: identifier, place: "console" as const })),
    ...server.items.map((part) => ({ ...part, place: "server" as const })),
  ];
  return { database: server.database, items };
}

/** What the platform and its console are made of, and under which licences. */
export function Parts({ query }: { query: UseQueryResult<Made> }) {
  const said = useWords(words);
  return (
    <Card size="small" title={said.parts}>
      <Asked query={query}>
        {({ items }) => (
          <Table<Part>
            size="small"
            tableLayout="fixed"
            rowKey={({ place, name, version }) => `${place} ${name} ${version}`}
            dataSource={items}
            pagination={{ hideOnSinglePage: true, showSizeChanger: false }}
            columns={[
              { title: said.part, dataIndex: "name", className: "beside", sorter: (one, other) => one.name.localeCompare(other.name) },
              { title: said.partVersion, dataIndex: "version", width: width.tag, className: "beside" },
              { title: said.partLicence, dataIndex: "licence", className: "beside", render: (licence: string) => licence || said.unknown, sorter: (one, other) => one.licence.localeCompare(other.licence) },
              {
                title: said.where,
                dataIndex: "place",
                width: width.kind,
                responsive: ["sm"],
                filters: (["console", "server"] as const).map((value) => ({ value, text: said[value] })),
                onFilter: (value, { place }) => place === value,
                render: (place: Part["place"]) => said[place],
              },
            ]}
          />
        )}
      </Asked>
    </Card>
  );
}
