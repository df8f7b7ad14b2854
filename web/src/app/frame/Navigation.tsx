import { HomeOutlined, InfoCircleOutlined } from "@ant-design/icons";
import { Link, useRouterState } from "@tanstack/react-router";
import { Menu } from "antd";

import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** Where a reader can go; what a setting switches off is not there. */
export function Navigation({ onGone }: { onGone?: () => void }) {
  const said = useWords(words);
  const here = useRouterState({ select: (state) => state.location.pathname });
  const items = [
    { key: "/", icon: <HomeOutlined />, label: <Link to="/">{said.home}</Link> },
    {
      key: "platform",
      type: "group" as const,
      label: said.platform,
      children: [
        {
          key: "/platform/about",
          icon: <InfoCircleOutlined />,
          label: <Link to="/platform/about">{said.about}</Link>,
        },
      ],
    },
  ];
  return (
    <nav aria-label={said.menu}>
      <Menu mode="inline" selectedKeys={[here]} items={items} {...(onGone ? { onClick: onGone } : {})} />
    </nav>
  );
}
