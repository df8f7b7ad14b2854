import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fetchOnce } from "./ahead";

const get = (path: string): Request => new Request(window.location.origin + path);

beforeEach(() => {
  vi.spyOn(performance, "now").mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  delete window.askedAhead;
  delete window.signedInAhead;
});

test("takes an answer that index.html requests a moment later, and requests nothing twice", async () => {
  const sent = vi.fn();
  vi.stubGlobal("fetch", sent);
  let readSession = (): void => undefined;
  window.askedAhead = { "/api/session": Promise.resolve(new Response("session")) };
  window.signedInAhead = new Promise((resolve) => {
    readSession = () => {
      window.askedAhead = { ...window.askedAhead, "/api/me": Promise.resolve(new Response("me")) };
      resolve(true);
    };
  });
  expect(await (await fetchOnce(get("/api/session"))).text()).toBe("session");
  const me = fetchOnce(get("/api/me"));
  readSession();
  expect(await (await me).text()).toBe("me");
  expect(sent).not.toHaveBeenCalled();
});

test("sends again what was taken, what was not requested and what failed on the way", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("sent")));
  const failed = Promise.reject<Response>(new Error());
  failed.catch(() => undefined); // it is taken only later
  window.askedAhead = { "/api/me": Promise.resolve(new Response("ahead")), "/api/settings": failed };
  window.signedInAhead = Promise.resolve(true);
  const texts = [];
  for (const path of ["/api/me", "/api/me", "/api/notices", "/api/settings"]) texts.push(await (await fetchOnce(get(path))).text());
  expect(texts).toEqual(["ahead", "sent", "sent", "sent"]);
});
