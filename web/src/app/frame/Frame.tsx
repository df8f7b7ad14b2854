import { MenuOutlined } from "@ant-design/icons";
import { Outlet } from "@tanstack/react-router";
import { Button, Drawer, Flex, Grid, Layout, theme } from "antd";
import { useState } from "react";

import { Bell } from "@/features/notices/Bell";
import { space, width } from "@/shared/look/tokens";
import { useNamedWorkspace } from "@/shared/session/named";
import { WorkspaceProvider } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { AccountMenu } from "./AccountMenu";
import { Find } from "./Find";
import { HelpLink } from "./HelpLink";
import { Navigation } from "./Navigation";
import { useCurrentPlace } from "./place";
import { WorkspaceSwitch } from "./WorkspaceSwitch";
import { words } from "./words";

/** What is around every page: navigation beside it, or behind a button where the window is narrow. */
export function Frame() {
  const said = useWords(words);
  const [isOpen, setOpen] = useState(false);
  const isWide = Grid.useBreakpoint().md ?? window.innerWidth >= width.narrow;
  const { token } = theme.useToken();
  const bar = { background: token.colorBgContainer, padding: `0 ${space.medium}px`, lineHeight: "normal" };
  const { here } = useNamedWorkspace(useCurrentPlace());
  return (
    <Layout style={{ minHeight: "100dvh" }}>
      <Layout.Header style={bar}>
        <WorkspaceProvider value={here}>
          <Flex align="center" justify="space-between" gap="small" style={{ height: "100%" }}>
            <Flex align="center" gap="small">
              {!isWide && (
                <Button type="text" icon={<MenuOutlined />} aria-label={said.menu} onClick={() => setOpen(true)} />
              )}
              {isWide && <strong style={{ width: width.brand }}>Jobferry</strong>}
              <WorkspaceSwitch />
            </Flex>
            <Flex align="center" gap="small">
              <Find />
              <Bell />
              <HelpLink />
              <AccountMenu />
            </Flex>
          </Flex>
        </WorkspaceProvider>
      </Layout.Header>
      <Layout hasSider={isWide}>
        <WorkspaceProvider value={here}>
          {isWide ? (
            <Layout.Sider theme="light" width={width.side}>
              <Navigation />
            </Layout.Sider>
          ) : (
            <Drawer placement="left" size={width.side} styles={{ body: { padding: 0 } }} open={isOpen} onClose={() => setOpen(false)}>
              <Navigation onGone={() => setOpen(false)} />
            </Drawer>
          )}
        </WorkspaceProvider>
        <Layout.Content id="page" role="main" style={{ padding: isWide ? space.large : space.medium, minWidth: 0 }}>
          <Outlet />
        </Layout.Content>
      </Layout>
    </Layout>
  );
}
