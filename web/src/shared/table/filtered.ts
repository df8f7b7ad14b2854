import type { Address } from "@/shared/url/address";

/** Those of the keys that the address has a text for. */
export function filtersOf(address: Address, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (address[key] ? [[key, address[key]]] : [])));
}

/** A change of the address that takes the filters away, and goes to the first page. */
export function without(keys: readonly string[]): Address {
  return Object.fromEntries([...keys, "page"].map((key) => [key, ""]));
}
