declare global {
  interface Window {
    /** What index.html has asked for, by path; each answer is taken once. */
    askedAhead?: Record<string, Promise<Response>>;
    /** Whether somebody is signed in; then all of it has been asked for. */
    signedInAhead?: Promise<boolean>;
  }
}

/** How long an answer stands for a new one. */
const FRESH_MS = 10_000;

/**
 * Sends a request, unless the same one was sent while the page was on its way: then that one's answer is taken.
 * index.html sends the others once it has read the session's answer, which it may do later than the console.
 */
export async function fetchOnce(request: Request): Promise<Response> {
  const path = request.url.slice(window.location.origin.length);
  if (request.method !== "GET" || performance.now() > FRESH_MS) return fetch(request);
  if (path !== "/api/session") await window.signedInAhead;
  const asked = window.askedAhead?.[path];
  if (asked === undefined) return fetch(request);
  window.askedAhead = Object.fromEntries(Object.entries(window.askedAhead ?? {}).filter(([one]) => one !== path));
  return asked.catch(() => fetch(request));
}
