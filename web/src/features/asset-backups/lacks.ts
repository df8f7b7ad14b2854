export type Lack = "path" | "exports" | "imports";

/** The folder that a workspace's backups go into; empty if none is set. */
export function folderOf(settings: Record<string, string>): string {
  return settings["asset_backup_path"] || settings["default_object_path"] || "";
}

/** What is missing before backups can be taken (a folder, exports to object storage) or be seen (imports from it). */
export function lacksOf(settings: Record<string, string>, platform: Record<string, string>): Lack[] {
  const isMissing: Record<Lack, boolean> = {
    path: folderOf(settings) === "",
    exports: platform["object_exports"] === "false",
    imports: platform["object_imports"] === "false",
  };
  return (Object.keys(isMissing) as Lack[]).filter((lack) => isMissing[lack]);
}
