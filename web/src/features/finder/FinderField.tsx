import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Flex, Input, Typography } from "antd";
import { useDeferredValue, useState, type KeyboardEvent } from "react";

import { recentPages } from "@/shared/look/recent";
import { EmptyText } from "@/shared/table/EmptyText";
import { useMe } from "@/shared/session/session";
import { useManualWords } from "@/shared/session/workspace";

import { Results } from "./Results";
import { findIn, type Hit, type Place } from "./search";
import { useSettled } from "./useSettled";
import { easydata, LIST, words } from "./words";

interface Props {
  pages: readonly Hit[];
  place: Place | undefined;
  typed: string;
  type: (typed: string) => void;
  close: () => void;
}

/** The field, and below it what fits; nothing but keys is needed. */
export function FinderField({ pages, place, typed, type, close }: Props) {
  const said = useManualWords(words, easydata);
  const { history } = useRouter();
  const [chosen, choose] = useState(0);
  const { hits, isAsking, isWhole } = useHits(pages, place, useDeferredValue(typed.trim()));
  const at = Math.min(chosen, Math.max(hits.length - 1, 0));
  const open = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    history.push(hit.address);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") open(hits[at]);
    else if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      choose((at + step + hits.length) % hits.length);
    }
  };
  return (
    <Flex vertical gap="small">
      <Input
        autoFocus
        size="large"
        role="combobox"
        aria-label={said.findAll}
        aria-expanded={hits.length > 0}
        aria-controls={LIST}
        aria-activedescendant={hits.length > 0 ? `${LIST}-${at}` : undefined}
        placeholder={said.findAll}
        value={typed}
        onChange={({ target }) => {
          type(target.value);
          choose(0);
        }}
        onKeyDown={press}
      />
      <Results id={LIST} hits={hits} chosen={at} choose={choose} open={open} />
      {hits.length === 0 && typed !== "" && !isAsking && <EmptyText>{said.none}</EmptyText>}
      {!isWhole && <Typography.Text type="warning">{said.incomplete}</Typography.Text>}
      <Typography.Text type="secondary">
        {said.keys}
        {place && ` · ${said.inside(place.name)}`}
      </Typography.Text>
    </Flex>
  );
}

function useHits(pages: readonly Hit[], place: Place | undefined, typed: string) {
  const piece = useSettled(typed);
  const me = useMe();
  const asked = useQuery({
    queryKey: ["finder", place?.name, piece],
    queryFn: () => (place ? findIn(place, piece) : { hits: [], isWhole: true }),
    enabled: piece !== "" && place !== undefined,
    placeholderData: keepPreviousData,
  });
  if (typed === "") {
    const others = recentPages(me.id).filter(({ address }) => address !== window.location.pathname);
    const recent = others.map(({ title, address }): Hit => ({ group: "recent", title, detail: decodeURI(address), address }));
    return { hits: recent.length > 0 ? recent : [...pages], isAsking: false, isWhole: true };
  }
  const small = typed.toLowerCase();
  const fitting = pages.filter(({ title, detail }) => `${title} ${detail}`.toLowerCase().includes(small));
  return { hits: [...(asked.data?.hits ?? []), ...fitting], isAsking: asked.isFetching || piece !== typed, isWhole: asked.data?.isWhole ?? true };
}
