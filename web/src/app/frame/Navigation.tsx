import { HomeOutlined } from "@ant-design/icons";
import { Link, useRouterState } from "@tanstack/react-router";
import { Menu, type MenuProps } from "antd";

import { platformPages, sections, type Page } from "@/app/navigation";
import { useMe } from "@/shared/session/session";
import { usePlatformSettings, useWorkspaceQuery } from "@/shared/session/settings";
import { useManualWords } from "@/shared/session/workspace";
import { writeAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { easydataLabels, labels } from "./labels";
import { useCurrentPlace } from "./place";
import { words } from "./words";

type Items = NonNullable<MenuProps["items"]>;

/** Where a reader can go; what a setting or a right switches off is not there. */
export function Navigation({ onGone }: { onGone?: () => void }) {
  const said = useWords(words);
  const items: Items = [
    { key: "/", icon: <HomeOutlined />, label: <Link to="/">{said.home}</Link> },
    ...useWorkspaceItems(),
    usePlatformItems(useManualWords(labels, easydataLabels)),
  ];
  const here = useRouterState({ select: (state) => decodeURIComponent(state.location.pathname) });
  const open = items.flatMap((item) => (item && "children" in item ? item.children ?? [] : [item]));
  const listed = here.replace("/receipts/", "/imports/").replace(/\/new\/(\w+)$/, "/$1s");
  const selected = open.map((item) => String(item?.key)).filter((key) => listed === key || listed.startsWith(`${key}/`));
  return (
    <nav aria-label={said.menu}>
      <Menu mode="inline" style={{ borderInlineEnd: 0 }} selectedKeys={selected} items={items} {...(onGone ? { onClick: onGone } : {})} />
    </nav>
  );
}

/** The pages of the platform that the reader may open. */
function usePlatformItems(said: typeof labels.en): Items[number] {
  const { actions } = useMe();
  const pages = platformPages.filter(({ needs }) => needs === undefined || actions.includes(needs));
  const children = pages.map(({ to, label }) => ({ key: to, label: <Link to={to}>{said[label]}</Link> }));
  return { key: "platform", type: "group", label: said.platform, children };
}

/** The pages of the workspace that the reader is in. */
function useWorkspaceItems(): Items {
  const me = useMe();
  const name = useCurrentPlace();
  const settings = { ...usePlatformSettings(), ...useWorkspaceQuery(name).data?.settings };
  const said = useManualWords(labels, easydataLabels);
  const place = me.workspaces.find((one) => one.name === name);
  if (place === undefined) return [];
  const item = (page: Page) => ({
    key: `${page.to.replace("$workspace", place.name)}${writeAddress(page.search ?? {})}`,
    label: (
      <Link to={page.to} params={{ workspace: place.name }} {...(page.search ? { search: page.search } : {})}>
        {said[page.label]}
      </Link>
    ),
  });
  const isThere = (page: Page) => place.actions.includes(page.needs) && (page.isOn?.(settings) ?? true);
  return sections.flatMap((section): Items => {
    const pages = section.pages.filter(isThere).map(item);
    if (pages.length === 0) return [];
    if (section.pages.length === 1) return pages;
    return [{ key: section.label, type: "group", label: said[section.label], children: pages }];
  });
}
