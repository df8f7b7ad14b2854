import { answer, api, Refusal } from "@/shared/api/client";

import { readObject, readText, type Place, type Saved, type Text } from "../api";

const asText = { bodySerializer: (body: unknown) => body as string, headers: { "Content-Type": "application/json" } };

/** Saves a text as the draft, if that is still the one of the tag. The text is sent as it is. */
export function saveText(place: Place, text: string, tag: string): Promise<Saved> {
  return answer(
    api.PUT("/api/workspaces/{workspace}/objects/{kind}/{name}", {
      params: { path: place, query: { submit: false, take_lock: true }, header: { "If-Match": tag } },
      body: text,
      ...asText,
    }),
  );
}

/** Makes a new object of a text; only a CDM definition is told its name besides. */
export function createObject({ workspace, kind, name }: Place, text: string): Promise<Saved> {
  return answer(
    api.POST("/api/workspaces/{workspace}/objects/{kind}", {
      params: { path: { workspace, kind }, query: { submit: false, ...(kind === "cdm" ? { name } : {}) } },
      body: text,
      ...asText,
    }),
  );
}

/** What somebody else has saved meanwhile. */
export interface Theirs extends Text {
  by: string;
  at: number;
}

/** Whether a save was refused because the draft is another by now. */
export function isConflict(error: unknown): boolean {
  return error instanceof Refusal && error.code === "draft-changed";
}

/** The draft as it is now, and who saved it when. */
export async function readTheirs(place: Place): Promise<Theirs> {
  const [text, object] = await Promise.all([readText(place), readObject(place)]);
  return { ...text, by: object.updated_by, at: object.updated_at };
}
