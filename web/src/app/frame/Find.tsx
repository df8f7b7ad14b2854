import { Finder } from "@/features/finder/Finder";
import { useMe } from "@/shared/session/session";
import { useManualWords } from "@/shared/session/workspace";

import { easydataLabels, labels } from "./labels";
import { useOpenPages } from "./openPages";
import { useCurrentPlace } from "./place";

/** The finder, told which pages there are for this reader. */
export function Find() {
  const said = useManualWords(labels, easydataLabels);
  const { workspaces } = useMe();
  const name = useCurrentPlace();
  const place = workspaces.find((one) => one.name === name);
  const { sections, platform } = useOpenPages(place);
  const pages = [
    ...sections.flatMap(({ label, pages: found }) =>
      found.map((page) => ({ title: said[page.label], detail: label === page.label ? "" : said[label], address: page.address })),
    ),
    ...platform.map((page) => ({ title: said[page.label], detail: said.platform, address: page.address })),
    ...workspaces.map((one) => ({ title: one.name, detail: said.workspaces, address: `/w/${encodeURIComponent(one.name)}/jobs` })),
  ];
  return <Finder pages={pages.map((page) => ({ ...page, group: "pages" }))} place={place} />;
}
