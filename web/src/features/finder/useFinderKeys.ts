import { useEffect, useRef } from "react";

import { LIST } from "./words";

/** One character beyond the basic plane takes two units; names of other keys ("Tab") are longer. */
const LETTER = 2;

interface Keys {
  isOpen: boolean;
  turn: (isOpen: boolean) => void;
  /** Is given what is typed before the field has the focus. */
  type: (change: (typed: string) => string) => void;
}

/** Opens and closes by Ctrl-K; no letter is lost that is typed while the field is still on its way. */
export function useFinderKeys({ isOpen, turn, type }: Keys): void {
  const state = useRef(isOpen);
  useEffect(() => {
    state.current = isOpen;
  }, [isOpen]);
  useEffect(() => {
    const act = (event: KeyboardEvent): void => {
      if (isCall(event)) {
        event.preventDefault();
        state.current = !state.current && !isBusy();
        turn(state.current);
      } else if (state.current && isLetter(event) && document.activeElement?.getAttribute("aria-controls") !== LIST) {
        event.preventDefault();
        type((typed) => typed + event.key);
      }
    };
    window.addEventListener("keydown", act);
    return () => window.removeEventListener("keydown", act);
  }, [turn, type]);
}

function isCall({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

function isLetter({ key, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  return key.length > 0 && key.length <= LETTER && !ctrlKey && !metaKey && !altKey && !isComposing;
}

/** Whether another dialog is open: the finder does not open over it. */
function isBusy(): boolean {
  return document.querySelector(".ant-modal-wrap:not(.finder):not([style*='display: none'])") !== null;
}
