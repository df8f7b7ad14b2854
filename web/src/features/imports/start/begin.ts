import { answer, api } from "@/shared/api/client";
import { handIn } from "@/shared/api/handIn";

import type { Import, Options } from "../api";

/** A package on this machine, or one in object storage. */
export type Source = File | string;

/** Hands the package in and begins its check. */
export async function begin(workspace: string, source: Source, options: Options): Promise<Import> {
  const named = typeof source === "string" ? { path: source } : { id: await handIn(source) };
  return answer(
    api.POST("/api/workspaces/{workspace}/imports", {
      params: { path: { workspace } },
      body: { package: named, options },
    }),
  );
}
