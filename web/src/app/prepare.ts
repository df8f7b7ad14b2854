import type { QueryClient } from "@tanstack/react-query";

import { firstRowsQuery, levelQuery, outlineQuery, textQuery } from "@/features/development/api";
import { prepareGraph } from "@/shared/graph/Graph";
import { prepareLayout } from "@/shared/graph/layoutWorker";
import type { ObjectKind } from "@/shared/objects/kinds";
import { settingsQuery, workspaceQuery } from "@/shared/session/settings";

import { lists, objects } from "./router";

const LISTED: Partial<Record<string, ObjectKind>> = { jobs: "job", scripts: "script", resources: "resource" };

/**
 * Begins to fetch the code for an address and keeps what index.html has asked for, so that the page is drawn once
 * and with its rows. That of a graph lies behind that of its page, and nothing waits for anybody to be signed in.
 */
export function prepare({ pathname, search }: Pick<Location, "pathname" | "search">, queries: QueryClient): void {
  const [, w, place = "", page = "", name, more] = pathname.split("/").map(decodeURIComponent);
  const kind = LISTED[page];
  if (w !== "w" || kind === undefined || more !== undefined) return;
  const isGraph = name !== undefined && kind === "job" && !search.includes("tab=");
  void (name === undefined ? lists() : objects());
  if (isGraph) {
    prepareGraph();
    prepareLayout();
  }
  void window.signedInAhead?.then((isSignedIn) => {
    if (!isSignedIn) return;
    keep(queries.query(settingsQuery));
    keep(queries.query(workspaceQuery(place)));
    if (isGraph) {
      const job = { workspace: place, kind, name };
      const asked = Promise.all([objects(), queries.query(outlineQuery(job)), queries.query(textQuery(job))]);
      keep(asked.then(([{ layOutJob }, outline, { text }]) => layOutJob(outline, text)));
    } else if (name === undefined && search === "") {
      keep(queries.query(firstRowsQuery(place, kind)));
      keep(queries.query(levelQuery(place, kind, "/")));
    }
  });
}

/** The page that needs an answer shows what went wrong with it. */
function keep(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}
