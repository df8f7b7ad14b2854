import { Typography } from "antd";
import { useEffect } from "react";

import { useManualWords } from "@/shared/session/workspace";

import type { Hit } from "./search";
import { easydata, words } from "./words";

interface Props {
  id: string;
  hits: readonly Hit[];
  chosen: number;
  choose: (place: number) => void;
  open: (hit: Hit) => void;
}

/** What was found, in groups; one is chosen. */
export function Results({ id, hits, chosen, choose, open }: Props) {
  const said = useManualWords(words, easydata);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);
  return (
    <div id={id} role="listbox" aria-label={said.results} className="found">
      {hits.map((hit, place) => (
        <div key={`${hit.group} ${hit.address}`} role="presentation">
          {hit.group !== hits[place - 1]?.group && (
            <Typography.Text type="secondary" role="presentation">
              {said[hit.group]}
            </Typography.Text>
          )}
          <div
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === chosen}
            className={place === chosen ? "hit hit-chosen" : "hit"}
            onMouseMove={() => choose(place)}
            onClick={() => open(hit)}
          >
            <span className="beside">{hit.title}</span>
            <Typography.Text type="secondary" className="beside">
              {hit.detail}
            </Typography.Text>
          </div>
        </div>
      ))}
    </div>
  );
}
