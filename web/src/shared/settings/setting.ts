import type { Schemas } from "@/shared/api/client";

export type Setting = Schemas["SettingAnswer"];

/** What a field of a setting gets: the value as typed so far, empty for the default, and whom to tell. */
export interface FieldProps {
  setting: Setting;
  value: string;
  change: (value: string) => void;
}

/** How changed settings are sent; an empty value goes back to the default. */
export type Send = (changed: Record<string, string>) => Promise<unknown>;
