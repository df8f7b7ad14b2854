const FOLDER = /^obs:\/\/[^/]+\/(.*\/)?/;

/** The folder that a path being typed is in, with its slash; empty while there is no bucket. */
export function folderOf(path: string): string {
  return FOLDER.exec(path.trim())?.[0] ?? "";
}

/** The folder around a folder; empty at a bucket, since buckets are not listed. */
export function parentOf(folder: string): string {
  const outer = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  return FOLDER.test(outer) ? outer : "";
}
