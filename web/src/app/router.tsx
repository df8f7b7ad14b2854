import { createRootRoute, createRoute, createRouter, lazyRouteComponent, useNavigate } from "@tanstack/react-router";

import { HomePage } from "@/features/home/HomePage";
import { WelcomePage } from "@/features/sign-in/WelcomePage";

import { readAddress, writeAddress, type Address } from "@/shared/url/address";

import { NothingHere } from "./NothingHere";
import { SignedIn } from "./SignedIn";
import { WorkspaceFrame } from "./WorkspaceFrame";

const root = createRootRoute({
  notFoundComponent: NothingHere,
  validateSearch: (search: Record<string, unknown>) => search as Address,
});

function Welcome() {
  const go = useNavigate();
  const link = new URLSearchParams(window.location.hash.slice(1)).get("link") ?? "";
  return <WelcomePage link={link} done={() => void go({ to: "/", hash: "", replace: true })} />;
}

const welcome = createRoute({ getParentRoute: () => root, path: "/welcome", component: Welcome });
const signedIn = createRoute({ getParentRoute: () => root, id: "signed-in", component: SignedIn });
const home = createRoute({ getParentRoute: () => signedIn, path: "/", component: HomePage });
const about = createRoute({
  getParentRoute: () => signedIn,
  path: "/platform/about",
  component: lazyRouteComponent(() => import("@/features/about/AboutPage"), "AboutPage"),
});

const workspace = createRoute({ getParentRoute: () => signedIn, path: "/w/$workspace", component: WorkspaceFrame });
const imports = createRoute({
  getParentRoute: () => workspace,
  path: "/imports",
  component: lazyRouteComponent(() => import("@/features/imports/ImportsPage"), "ImportsPage"),
});
const newImport = createRoute({
  getParentRoute: () => workspace,
  path: "/imports/new",
  component: lazyRouteComponent(() => import("@/features/imports/start/NewImportPage"), "NewImportPage"),
});
const oneImport = createRoute({
  getParentRoute: () => workspace,
  path: "/imports/$importId",
  component: lazyRouteComponent(() => import("@/features/imports/ImportPage"), "ImportPage"),
});
const receipt = createRoute({
  getParentRoute: () => workspace,
  path: "/receipts/$receiptId",
  component: lazyRouteComponent(() => import("@/features/imports/receipt/ReceiptPage"), "ReceiptPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([welcome, signedIn.addChildren([home, about, workspace.addChildren([imports, newImport, oneImport, receipt])])]),
  parseSearch: readAddress,
  stringifySearch: writeAddress,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
