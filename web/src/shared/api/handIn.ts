import { answer, api } from "./client";

/** Sends a package to the platform, which keeps it for whoever sent it; its id. */
export async function handIn(file: File): Promise<string> {
  const asked = api.POST("/api/packages", {
    params: { query: { name: file.name } },
    body: file as unknown as string,
    bodySerializer: (body: unknown) => body,
    headers: { "Content-Type": "application/zip" },
  });
  return (await answer(asked)).id;
}
