import { useAddress } from "@/shared/url/address";

/** As many as one package by names may have, and as an address can carry. */
export const MOST_SELECTED = 200;
const BETWEEN = "\n";

interface Selected {
  keys: string[];
  toggle: (key: string) => void;
  clear: () => void;
}

/** Which objects are selected; it is in the address, so that a reload or another page of the list keeps it. */
export function useSelected(): Selected {
  const [address, change] = useAddress();
  const keys = address["picked"]?.split(BETWEEN) ?? [];
  const select = (next: readonly string[]): void => change({ picked: next.join(BETWEEN) });
  return {
    keys,
    toggle: (key) => select(keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key]),
    clear: () => select([]),
  };
}
