import { createRootRoute, createRoute, createRouter, lazyRouteComponent, useNavigate } from "@tanstack/react-router";

import { HomePage } from "@/features/home/HomePage";
import { WelcomePage } from "@/features/sign-in/WelcomePage";

import { NothingHere } from "./NothingHere";
import { SignedIn } from "./SignedIn";

const root = createRootRoute({ notFoundComponent: NothingHere });

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

export const router = createRouter({
  routeTree: root.addChildren([welcome, signedIn.addChildren([home, about])]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
