import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** What stands behind the question mark of a page's address: filters, selection, tabs. Texts, each once. */
export type Address = Record<string, string | undefined>;

/** Reads an address as texts: a number or flag in it stays as it was typed. */
export function readAddress(text: string): Address {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Writes it again, without what is empty. */
export function writeAddress(address: Record<string, unknown>): string {
  const filled = Object.entries(address).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const text = new URLSearchParams(filled).toString();
  return text && `?${text}`;
}

type Change = Address | ((former: Address) => Address);

/** The address of this page, and how to change some of it; an empty value takes a key away. */
export function useAddress(): [Address, (change: Change) => void] {
  const here: Address = useSearch({ strict: false });
  const go = useNavigate();
  const change = useCallback(
    (changed: Change) => {
      const search = (former: Address) => ({ ...former, ...(typeof changed === "function" ? changed(former) : changed) });
      void go({ to: ".", search, replace: true, resetScroll: false });
    },
    [go],
  );
  return [here, change];
}
