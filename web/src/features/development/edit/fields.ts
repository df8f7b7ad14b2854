import type { JSONPath } from "jsonc-parser";

import type { ObjectKind } from "@/shared/objects/kinds";

/** A field of the form: which value of the document it is. ``onlyNew``: once it is saved, another act changes it. */
export interface Field {
  key: "name" | "directory" | "description" | "type" | "location" | "connection" | "database" | "owner";
  path: JSONPath;
  onlyNew?: boolean;
}

const NAME: Field = { key: "name", path: ["name"] };
const DIRECTORY: Field = { key: "directory", path: ["directory"] };
const DESCRIPTION: Field = { key: "description", path: ["description"] };

/** What the form of each kind has, in its order. */
export const FIELDS: Record<ObjectKind, Field[]> = {
  job: [NAME, DIRECTORY, DESCRIPTION, { key: "owner", path: ["basicConfig", "owner"] }],
  script: [
    { ...NAME, onlyNew: true },
    { key: "type", path: ["type"], onlyNew: true },
    { ...DIRECTORY, onlyNew: true },
    { key: "connection", path: ["connectionName"] },
    { key: "database", path: ["database"] },
    DESCRIPTION,
  ],
  resource: [{ ...NAME, onlyNew: true }, { key: "type", path: ["type"] }, { key: "location", path: ["location"] }, { ...DIRECTORY, onlyNew: true }, DESCRIPTION],
  cdm: [],
};

/** The document that a new object begins with. */
export function firstText(kind: ObjectKind, directory: string): string {
  const first: Record<ObjectKind, object> = {
    job: { name: "", directory, processType: "BATCH", schedule: { type: "EXECUTE_ONCE" }, params: [], nodes: [], basicConfig: {} },
    script: { name: "", type: "DLISQL", directory, connectionName: "", database: "", content: "" },
    resource: { name: "", type: "jar", location: "", directory },
    cdm: {},
  };
  return JSON.stringify(first[kind], null, 2);
}
