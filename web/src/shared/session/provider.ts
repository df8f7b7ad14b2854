import { answer, api } from "@/shared/api/client";

const KEPT = "jobferry.by-provider";

/** Keeps in this browser whether its session was begun by the sign-in provider. */
export function keepByProvider(isSo: boolean): void {
  if (isSo) localStorage.setItem(KEPT, "yes");
  else localStorage.removeItem(KEPT);
}

/** Where this browser signs out of the provider too; empty where there is nothing to end or nobody to ask. */
export async function providerSignOut(): Promise<string> {
  if (localStorage.getItem(KEPT) === null) return "";
  keepByProvider(false);
  try {
    return (await answer(api.GET("/api/session/provider/sign-out"))).address;
  } catch {
    return ""; // the session here has ended all the same
  }
}
