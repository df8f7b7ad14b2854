import { answer, api, type Schemas } from "@/shared/api/client";

const KEPT = "jobferry.sign-in";

/** What this browser keeps while its user is at the provider: the sealed beginning, and the page to go on with. */
interface Kept {
  pending: string;
  back: string;
}

/** Goes to the provider; its answer comes to the page `/sign-in`. */
export async function goToProvider(): Promise<void> {
  const redirect = `${window.location.origin}/sign-in`;
  const begun = await answer(api.POST("/api/session/provider", { body: { redirect } }));
  const kept: Kept = { pending: begun.pending, back: window.location.pathname + window.location.search };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  window.location.assign(begun.address);
}

/** Ends what {@link goToProvider} has begun, once; gives the session, and the page to go on with. */
export async function comeBack(said: URLSearchParams): Promise<{ session: Schemas["SessionAnswer"]; back: string }> {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Kept>;
  sessionStorage.removeItem(KEPT);
  const body = { pending: kept.pending ?? "", code: said.get("code") ?? "", state: said.get("state") ?? "" };
  const session = await answer(api.POST("/api/session/provider/end", { body }));
  return { session, back: kept.back ?? "/" };
}
