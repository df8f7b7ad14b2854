import type { Schemas } from "@/shared/api/client";

export type Setting = Schemas["SettingAnswer"];

/** How changed settings are sent; an empty value goes back to the default. */
export type Send = (changed: Record<string, string>) => Promise<unknown>;
