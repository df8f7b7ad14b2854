import { answer, api } from "./client";

/** Code of this console that the platform does not have any more: another console was put in its place. */
export class Replaced extends Error {}

/** Code that is fetched when it is needed; fails with why it cannot be: nobody answers, or it was replaced. */
export async function fetched<T>(code: Promise<T>): Promise<T> {
  try {
    return await code;
  } catch (cause) {
    await reached();
    throw new Replaced("", { cause });
  }
}

/** Fails where the platform does not answer. */
export async function reached(): Promise<void> {
  await answer(api.GET("/api/session/methods"));
}
