import { focusManager } from "@tanstack/react-query";

/** How long after the last input a page still counts as used. */
export const USED_MS = 10 * 60_000;
const INPUTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"] as const;

/** Lets pages ask anew by the clock only while somebody uses them: else they would keep a session alive that nobody uses. */
export function askWhileUsed(): void {
  focusManager.setEventListener((setUsed) => {
    let unused = 0;
    const note = (): void => {
      window.clearTimeout(unused);
      setUsed(true);
      unused = window.setTimeout(() => setUsed(false), USED_MS);
    };
    const look = (): void => (document.visibilityState === "hidden" ? setUsed(false) : note());
    INPUTS.forEach((input) => window.addEventListener(input, note, { capture: true, passive: true }));
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      window.clearTimeout(unused);
      INPUTS.forEach((input) => window.removeEventListener(input, note, { capture: true }));
      document.removeEventListener("visibilitychange", look);
    };
  });
}
