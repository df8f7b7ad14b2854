import { useCallback } from "react";

import { useAddress } from "@/shared/url/address";

/** As many as one package by names may have, and as an address can carry. */
export const MOST_PICKED = 200;
const BETWEEN = "\n";

/** What is ticked, as an address has it: one name a line. */
export function readPicked(text: string | undefined): string[] {
  return text ? text.split(BETWEEN) : [];
}

/** The same, the other way; what is too much is left out. */
export function writePicked(names: readonly string[]): string {
  return names.slice(0, MOST_PICKED).join(BETWEEN);
}

/** What is ticked after a name was clicked at. */
export function ticked(text: string | undefined, name: string): string {
  const names = readPicked(text);
  return writePicked(names.includes(name) ? names.filter((one) => one !== name) : [...names, name]);
}

interface Picked {
  /** Whether there are check boxes. */
  isOn: boolean;
  names: string[];
  directories: string[];
  pick: (names: readonly string[]) => void;
  /** Ticks one name, or takes its tick away; the same function all the time. */
  tick: (name: string) => void;
  pickDirectories: (paths: readonly string[]) => void;
  toggle: () => void;
  clear: () => void;
}

/** What is ticked in a list and its tree. It is in the address, so that a reload or another page of the list keeps it. */
export function usePicked(): Picked {
  const [address, change] = useAddress();
  const isOn = address["boxes"] === "on";
  const tick = useCallback((name: string) => change(({ picked }) => ({ picked: ticked(picked, name) })), [change]);
  return {
    isOn,
    names: readPicked(address["picked"]),
    directories: readPicked(address["folders"]),
    tick,
    pick: (names) => change({ picked: writePicked(names) }),
    pickDirectories: (paths) => change({ folders: writePicked(paths) }),
    toggle: () => change({ boxes: isOn ? "" : "on", picked: "", folders: "" }),
    clear: () => change({ picked: "", folders: "" }),
  };
}
