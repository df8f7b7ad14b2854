import { answer, api, type Schemas } from "@/shared/api/client";

export type Arrived = Schemas["ArrivedAnswer"];
export type Duplicates = NonNullable<Schemas["VariableImport"]["duplicates"]>;

/** Makes the package of all connections or variables and lets the browser save it. */
export async function savePackage(workspace: string, what: "connections" | "variables"): Promise<void> {
  const asked = await api.POST(`/api/workspaces/{workspace}/${what}/export`, { params: { path: { workspace } }, parseAs: "blob" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(asked.data as unknown as Blob);
  link.download = `${workspace}-${what}.zip`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Imports all connections of a package or none; ``params`` are values of their configs, passwords among them. */
export function importConnections(workspace: string, body: Schemas["ConnectionImport"]): Promise<Arrived> {
  return answer(api.POST("/api/workspaces/{workspace}/connections/import", { params: { path: { workspace } }, body }));
}

/** Imports all variables of a package or none; ``isTrial`` only tells what would become of each. */
export function importVariables(workspace: string, packageId: string, duplicates: Duplicates, isTrial: boolean): Promise<Arrived> {
  const body = { package: { id: packageId }, duplicates, dry_run: isTrial };
  return answer(api.POST("/api/workspaces/{workspace}/variables/import", { params: { path: { workspace } }, body }));
}
