import { createRootRoute, createRoute, createRouter, useNavigate } from "@tanstack/react-router";

import { HomePage } from "@/features/home/HomePage";
import { ReturnPage } from "@/features/sign-in/ReturnPage";
import { WelcomePage } from "@/features/sign-in/WelcomePage";

import { readAddress, writeAddress, type Address } from "@/shared/url/address";

import { NothingHere } from "./NothingHere";
import { Failed, page } from "./page";
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

function Return() {
  const go = useNavigate();
  return <ReturnPage said={new URLSearchParams(window.location.search)} done={(back) => void go({ href: back, replace: true })} />;
}

const comingBack = createRoute({ getParentRoute: () => root, path: "/sign-in", component: Return });
const welcome = createRoute({ getParentRoute: () => root, path: "/welcome", component: Welcome });
const signedIn = createRoute({ getParentRoute: () => root, id: "signed-in", component: SignedIn });
const home = createRoute({ getParentRoute: () => signedIn, path: "/", component: HomePage });
const people = () => import("@/features/platform/people/pages");
const platform = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/platform/workspaces",
    component: page(() => import("@/features/platform/workspaces/WorkspacesPage"), "WorkspacesPage"),
  }),
  createRoute({ getParentRoute: () => signedIn, path: "/platform/users", component: page(people, "UsersPage") }),
  createRoute({ getParentRoute: () => signedIn, path: "/platform/users/$user", component: page(people, "UserPage") }),
  createRoute({ getParentRoute: () => signedIn, path: "/platform/access", component: page(people, "AccessPage") }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/platform/settings",
    component: page(() => import("@/features/platform/SettingsPage"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/platform/audit",
    component: page(() => import("@/features/platform/audit/pages"), "PlatformAuditPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/platform/about",
    component: page(() => import("@/features/platform/AboutPage"), "AboutPage"),
  }),
] as const;

const notices = createRoute({
  getParentRoute: () => signedIn,
  path: "/notices",
  component: page(() => import("@/features/notices/NoticesPage"), "NoticesPage"),
});
const help = createRoute({
  getParentRoute: () => signedIn,
  path: "/help/$",
  component: page(() => import("@/features/help/HelpPage"), "HelpPage"),
});

const workspace = createRoute({ getParentRoute: () => signedIn, path: "/w/$workspace", component: WorkspaceFrame });
const imports = createRoute({
  getParentRoute: () => workspace,
  path: "/imports",
  component: page(() => import("@/features/imports/ImportsPage"), "ImportsPage"),
});
const newImport = createRoute({
  getParentRoute: () => workspace,
  path: "/imports/new",
  component: page(() => import("@/features/imports/start/NewImportPage"), "NewImportPage"),
});
const oneImport = createRoute({
  getParentRoute: () => workspace,
  path: "/imports/$importId",
  component: page(() => import("@/features/imports/ImportPage"), "ImportPage"),
});
const receipt = createRoute({
  getParentRoute: () => workspace,
  path: "/receipts/$receiptId",
  component: page(() => import("@/features/imports/receipt/ReceiptPage"), "ReceiptPage"),
});

export const lists = () => import("@/features/development/list/pages");
export const objects = () => import("@/features/development/object/pages");
const development = [
  createRoute({ getParentRoute: () => workspace, path: "/jobs", component: page(lists, "JobsPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/jobs/$name", component: page(objects, "JobPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/scripts", component: page(lists, "ScriptsPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/scripts/$name", component: page(objects, "ScriptPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/resources", component: page(lists, "ResourcesPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/resources/$name", component: page(objects, "ResourcePage") }),
  createRoute({ getParentRoute: () => workspace, path: "/cdms", component: page(lists, "CdmsPage") }),
  createRoute({ getParentRoute: () => workspace, path: "/cdms/$name", component: page(objects, "CdmPage") }),
  createRoute({
    getParentRoute: () => workspace,
    path: "/new/$kind",
    component: page(() => import("@/features/development/edit/NewPage"), "NewPage"),
  }),
] as const;
const downloads = createRoute({
  getParentRoute: () => workspace,
  path: "/downloads",
  component: page(() => import("@/features/downloads/DownloadsPage"), "DownloadsPage"),
});
const assetBackups = createRoute({
  getParentRoute: () => workspace,
  path: "/asset-backups",
  component: page(() => import("@/features/asset-backups/AssetBackupsPage"), "AssetBackupsPage"),
});
const restore = createRoute({
  getParentRoute: () => workspace,
  path: "/asset-backups/$name",
  component: page(() => import("@/features/imports/restore/RestorePage"), "RestorePage"),
});
const changes = createRoute({
  getParentRoute: () => workspace,
  path: "/changes",
  component: page(() => import("@/features/changes/ChangesPage"), "ChangesPage"),
});
const reviews = createRoute({
  getParentRoute: () => workspace,
  path: "/reviews",
  component: page(() => import("@/features/reviews/ReviewsPage"), "ReviewsPage"),
});
const review = createRoute({
  getParentRoute: () => workspace,
  path: "/reviews/$reviewId",
  component: page(() => import("@/features/reviews/ReviewPage"), "ReviewPage"),
});
const connections = createRoute({
  getParentRoute: () => workspace,
  path: "/connections",
  component: page(() => import("@/features/connections/ConnectionsPage"), "ConnectionsPage"),
});
const connection = createRoute({
  getParentRoute: () => workspace,
  path: "/connections/$name",
  component: page(() => import("@/features/connections/ConnectionPage"), "ConnectionPage"),
});
const inventory = createRoute({
  getParentRoute: () => workspace,
  path: "/inventory",
  component: page(() => import("@/features/inventory/InventoryPage"), "InventoryPage"),
});
const variables = createRoute({
  getParentRoute: () => workspace,
  path: "/variables",
  component: page(() => import("@/features/variables/VariablesPage"), "VariablesPage"),
});
const configuration = [
  createRoute({
    getParentRoute: () => workspace,
    path: "/configuration/defaults",
    component: page(() => import("@/features/configuration/DefaultsPage"), "DefaultsPage"),
  }),
  createRoute({
    getParentRoute: () => workspace,
    path: "/configuration/tags",
    component: page(() => import("@/features/configuration/TagsPage"), "TagsPage"),
  }),
  createRoute({
    getParentRoute: () => workspace,
    path: "/configuration/members",
    component: page(() => import("@/features/configuration/MembersPage"), "MembersPage"),
  }),
  createRoute({
    getParentRoute: () => workspace,
    path: "/configuration/policies",
    component: page(() => import("@/features/configuration/PoliciesPage"), "PoliciesPage"),
  }),
  createRoute({
    getParentRoute: () => workspace,
    path: "/configuration/audit",
    component: page(() => import("@/features/platform/audit/pages"), "WorkspaceAuditPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([welcome, comingBack, signedIn.addChildren([
      home,
      help,
      notices,
      ...platform,
      workspace.addChildren([...development, assetBackups, restore, changes, downloads, reviews, review, connections, connection, imports, newImport, oneImport, receipt, inventory, variables, ...configuration]),
    ])]),
  parseSearch: readAddress,
  stringifySearch: writeAddress,
  defaultPreload: "intent",
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
