import { useQuery } from "@tanstack/react-query";

import { Asked } from "@/shared/look/Asked";

import { textQuery, type Place } from "../api";
import { Source } from "../versions/Source";

/** The draft's text as it is stored. */
export function DocumentTab({ place }: { place: Place }) {
  const query = useQuery(textQuery(place));
  return <Asked query={query}>{({ text }) => <Source name={place.name} kind={place.kind} text={text} />}</Asked>;
}
