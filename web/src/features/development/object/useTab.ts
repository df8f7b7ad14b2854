import { useAddress } from "@/shared/url/address";

/** Which tab is open, by the address; the first where that says none or another page's. */
export function useTab<T extends string>(tabs: readonly [T, ...T[]]): [T, (tab: T) => void] {
  const [address, change] = useAddress();
  const open = tabs.find((tab) => tab === address["tab"]) ?? tabs[0];
  return [open, (tab) => change({ tab: tab === tabs[0] ? "" : tab, node: "", page: "", thing: "" })];
}
