import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "#schema";

import { fetchOnce } from "./ahead";

export type Schemas = components["schemas"];
type Detail = Schemas["ErrorDetail"];

/** A call that the platform refused, in the reader's words, or that never reached it (status 0). */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly faults: { path: string; message: string; hint: string }[];

  constructor(status: number, detail: Partial<Detail>) {
    super(detail.message ?? "");
    this.status = status;
    this.code = detail.code ?? "";
    this.hint = detail.hint ?? "";
    this.faults = detail.errors ?? [];
  }
}

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** Keeps what goes along with every call that changes something; this page's memory is its only place. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** Is called when the platform does not know this browser any more. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

const conversation: Middleware = {
  onRequest({ request }) {
    request.headers.set("X-Client", "console");
    request.headers.set("X-Language", document.documentElement.lang.slice(0, 2));
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return response;
    if (response.status === 401 && !schemaPath.startsWith("/api/session")) onSignedOut();
    throw new Refusal(response.status, await toldBy(response.clone()));
  },
  onError({ error }) {
    return new Refusal(0, { message: error instanceof Error ? error.message : "" });
  },
};

/** What an answer says went wrong; nothing where it is not this platform's, but of something on the way. */
async function toldBy(response: Response): Promise<Partial<Detail>> {
  try {
    const body = (await response.json()) as { error?: Detail };
    return body.error ?? {};
  } catch {
    return {};
  }
}

export const api = createClient<paths>({ credentials: "same-origin", fetch: fetchOnce });
api.use(conversation);

/** The answer itself; a refusal was thrown before. */
export async function answer<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}
