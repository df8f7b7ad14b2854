import { HomeOutlined } from "@ant-design/icons";
import { Link, useRouterState } from "@tanstack/react-router";
import { Menu, type MenuProps } from "antd";

import { sections, type Page } from "@/app/navigation";
import { useMe } from "@/shared/session/session";
import { useManualWords } from "@/shared/session/workspace";
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
    {
      key: "platform",
      type: "group",
      label: said.platform,
      children: [{ key: "/platform/about", label: <Link to="/platform/about">{said.about}</Link> }],
    },
  ];
  const here = useRouterState({ select: (state) => decodeURIComponent(state.location.pathname) });
  const open = items.flatMap((item) => (item && "children" in item ? item.children ?? [] : [item]));
  const selected = open.map((item) => String(item?.key)).filter((key) => here === key || here.startsWith(`${key}/`));
  return (
    <nav aria-label={said.menu}>
      <Menu mode="inline" style={{ borderInlineEnd: 0 }} selectedKeys={selected} items={items} {...(onGone ? { onClick: onGone } : {})} />
    </nav>
  );
}

/** The pages of the workspace that the reader is in. */
function useWorkspaceItems(): Items {
  const said = useManualWords(labels, easydataLabels);
  const me = useMe();
  const name = useCurrentPlace();
  const place = me.workspaces.find((one) => one.name === name);
  if (place === undefined) return [];
  const item = (page: Page) => ({
    key: page.to.replace("$workspace", place.name),
    label: (
      <Link to={page.to} params={{ workspace: place.name }}>
        {said[page.label]}
      </Link>
    ),
  });
  return sections.flatMap((section): Items => {
    const pages = section.pages.filter((page) => place.actions.includes(page.needs)).map(item);
    if (pages.length === 0) return [];
    if (section.pages.length === 1) return pages;
    return [{ key: section.label, type: "group", label: said[section.label], children: pages }];
  });
}
