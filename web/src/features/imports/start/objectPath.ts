/** Where all buckets lie. */
export const BUCKETS = "obs://";
const FOLDER = /^obs:\/\/[^/]+\/(.*\/)?/;

/** The folder that a path being typed is in, with its slash; while there is no bucket, the place of all buckets. */
export function folderOf(path: string): string {
  return FOLDER.exec(path.trim())?.[0] ?? BUCKETS;
}

/** The folder around a folder; around a bucket, the place of all buckets, around which there is nothing. */
export function parentOf(folder: string): string {
  return folder === BUCKETS ? "" : folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
}
