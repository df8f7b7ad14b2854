import "antd/dist/reset.css";
import "antd/dist/antd.css";
import "@/shared/look/look.css";

import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Refusal } from "@/shared/api/client";
import { ThemeProvider } from "@/shared/look/theme";
import { askWhileUsed } from "@/shared/session/inUse";
import { SessionProvider } from "@/shared/session/session";
import { LanguageProvider } from "@/shared/words/words";

import { prepare } from "./prepare";
import { router } from "./router";

const MOST_TRIES = 3;

/** Asks although the browser believes that it is offline: else an act would wait unseen, and be sent much later. */
const ASKED = "always";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => error instanceof Refusal && error.status === 0 && failures < MOST_TRIES,
      staleTime: 5_000,
      networkMode: ASKED,
    },
    mutations: { retry: false, networkMode: ASKED },
  },
});

// a tick that is kept in a query is shown before the browser next paints: a task later, it would go out in between
notifyManager.setScheduler(queueMicrotask);
askWhileUsed();
prepare(window.location, queries);

const place = document.getElementById("console");
if (place === null) throw new Error("the page has no place for the console");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <ThemeProvider>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
