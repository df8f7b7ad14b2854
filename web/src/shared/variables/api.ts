import { answer, api, type Schemas } from "@/shared/api/client";

export type Arrived = Schemas["ArrivedAnswer"];
export type Duplicates = NonNullable<Schemas["VariableImport"]["duplicates"]>;

/** Imports all variables of a package or none; ``isTrial`` only tells what would become of each. */
export function importVariables(workspace: string, packageId: string, duplicates: Duplicates, isTrial: boolean): Promise<Arrived> {
  const body = { package: { id: packageId }, duplicates, dry_run: isTrial };
  return answer(api.POST("/api/workspaces/{workspace}/variables/import", { params: { path: { workspace } }, body }));
}
