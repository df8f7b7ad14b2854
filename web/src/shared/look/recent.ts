const KEPT = 12;

/** A page that the reader has opened: its heading and address. */
export interface RecentPage {
  title: string;
  address: string;
}

function keyOf(user: string): string {
  return `jobferry.recent.${user}`;
}

/** The pages that a user of this browser opened last, the newest first. */
export function recentPages(user: string): RecentPage[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPage) : [];
  } catch {
    return [];
  }
}

/** Puts a page first among those. */
export function rememberPage(user: string, page: RecentPage): void {
  const others = recentPages(user).filter(({ address }) => address !== page.address);
  localStorage.setItem(keyOf(user), JSON.stringify([page, ...others].slice(0, KEPT)));
}

function isPage(kept: unknown): kept is RecentPage {
  return typeof kept === "object" && kept !== null && "title" in kept && typeof kept.title === "string" && "address" in kept && typeof kept.address === "string";
}
