import { answer, api, type Schemas } from "@/shared/api/client";

export type Export = Schemas["ExportBody"];
export type Download = Schemas["DownloadAnswer"];

/** What an export would take along; nothing is made. */
export function previewExport(workspace: string, body: Export) {
  return answer(api.POST("/api/workspaces/{workspace}/export-previews", { params: { path: { workspace } }, body }));
}

/** The first things that have to be there already where the package arrives. */
export function readNeeds(workspace: string, previewId: string, limit: number) {
  const path = { workspace, preview_id: previewId };
  return answer(api.GET("/api/workspaces/{workspace}/export-previews/{preview_id}/needs", { params: { path, query: { limit } } }));
}

/** Begins it in the background; the record in the download center has this id. */
export async function beginExport(workspace: string, body: Export): Promise<string> {
  return (await answer(api.POST("/api/workspaces/{workspace}/downloads", { params: { path: { workspace } }, body }))).download_id;
}

/** One record of the download center. */
export function readDownload(workspace: string, id: string): Promise<Download> {
  const path = { workspace, download_id: id };
  return answer(api.GET("/api/workspaces/{workspace}/downloads/{download_id}", { params: { path } }));
}
