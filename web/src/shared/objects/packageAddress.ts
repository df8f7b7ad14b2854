/** Where a browser fetches the package of a record of the download center. */
export function packageAddress(workspace: string, downloadId: string): string {
  return `/api/workspaces/${encodeURIComponent(workspace)}/downloads/${encodeURIComponent(downloadId)}/package`;
}
