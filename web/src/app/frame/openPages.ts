import { platformPages, sections, type Label } from "@/app/navigation";
import { useMe, type Me } from "@/shared/session/session";

export interface OpenPage {
  label: Label;
  address: string;
}

/** The pages that the reader may open: those of a workspace by section, and those of the platform. */
export function useOpenPages(place: Me["workspaces"][number] | undefined): { sections: { label: Label; pages: OpenPage[] }[]; platform: OpenPage[] } {
  const { actions } = useMe();
  const found = sections.map(({ label, pages }) => ({
    label,
    pages: pages
      .filter(({ needs }) => place?.actions.includes(needs))
      .map((page) => ({ label: page.label, address: page.to.replace("$workspace", encodeURIComponent(place?.name ?? "")) })),
  }));
  const platform = platformPages.filter(({ needs }) => needs === undefined || actions.includes(needs));
  return { sections: found, platform: platform.map(({ label, to }) => ({ label, address: to })) };
}
