import types from "./types.json";

const TYPES: Record<string, Record<string, string>> = types;
const BY_LOOSE_NAME = new Map(Object.entries(TYPES).map(([type, properties]) => [loose(type), properties]));

/** Types that the form offers; a document may have any other. */
export const NODE_TYPES = Object.keys(TYPES);

/** Properties of a type, each with the kind of thing that it names, which may be empty; none of an unknown type. */
export function propertiesOf(type: string): Record<string, string> {
  return BY_LOOSE_NAME.get(loose(type)) ?? {};
}

/** Types are compared without spaces and case, as the platform does. */
function loose(type: string): string {
  return type.replaceAll(" ", "").toLowerCase();
}
