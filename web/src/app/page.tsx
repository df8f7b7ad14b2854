import { lazyRouteComponent, type ErrorComponentProps } from "@tanstack/react-router";

import { answer, api } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";

/**
 * A page whose code is fetched when somebody goes there. Where the code cannot be fetched because the platform does not
 * answer, that is the error; else the platform was upgraded meanwhile, and the router reloads the console.
 */
export const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch(async (error: unknown) => {
        await ask();
        throw error;
      }),
    name,
  );

/** A page that cannot be shown. */
export function Failed({ error }: ErrorComponentProps) {
  return <Failure error={error} again={() => void again()} />;
}

async function again(): Promise<void> {
  try {
    await ask();
    window.location.reload();
  } catch {
    // a reload would leave the console for the browser's own error page
  }
}

/** Fails where the platform does not answer. */
async function ask(): Promise<void> {
  await answer(api.GET("/api/session/methods"));
}
