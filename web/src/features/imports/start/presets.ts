import type { Schemas } from "@/shared/api/client";

export type Duplicates = Schemas["Duplicates"];
export type TargetStatus = Schemas["TargetStatus"];

interface Preset {
  duplicates: Duplicates;
  target_status: TargetStatus;
  asksDirectory: boolean;
  act: Schemas["ImportAct"];
}

/** What the first step of an import begins with: the workspace's own settings, or else those of its profile. */
export function presetOf(settings: Record<string, string>): Preset {
  const isFactory = settings["profile"] === "factory";
  const place = settings["directory"] || (settings["profile"] === "easydata" ? "chosen" : "package");
  return {
    duplicates: (settings["duplicates"] || (isFactory ? "skip" : "overwrite")) as Duplicates,
    target_status: (settings["target_status"] || (isFactory ? "submitted" : "saved")) as TargetStatus,
    asksDirectory: place === "chosen",
    act: isFactory ? "import-job" : "import-package",
  };
}
