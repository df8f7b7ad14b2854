import { useQuery } from "@tanstack/react-query";
import { Checkbox, Flex, Grid, Segmented, Skeleton, Typography } from "antd";
import { lazy, Suspense, useMemo } from "react";

import type { Schemas } from "@/shared/api/client";
import { fetched } from "@/shared/api/code";
import { CodeText } from "@/shared/code/Code";
import { jobNodes } from "@/shared/graph/jobGraph";
import { Asked } from "@/shared/look/Asked";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { keys, type Import } from "../api";
import { readTexts, type Step } from "./api";
import { words } from "./words";

const TextDiff = lazy(() => fetched(import("./TextDiff")));
const GraphPair = lazy(() => fetched(import("@/shared/graph/GraphPair")));

interface Props {
  found: Import;
  step: Step;
  isViewed: boolean;
  toggle: () => void;
}

/** What one object would change: its text or graph here beside the one that would be written; of a new one that alone. */
export function Compare({ found, step, isViewed, toggle }: Props) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, found.id), "texts", found.plan_digest, step.kind, step.name],
    queryFn: () => readTexts(workspace, found.id, step),
  });
  return (
    <Flex vertical gap="small">
      <Asked query={query}>
        {(texts) =>
          texts.here === texts.package ? (
            <Typography.Text type="secondary">{step.change === "new" ? said.noText : said.isSame}</Typography.Text>
          ) : (
            <Sides texts={texts} />
          )
        }
      </Asked>
      <Checkbox checked={isViewed} onChange={toggle}>
        {said.viewedTick}
      </Checkbox>
    </Flex>
  );
}

function Sides({ texts }: { texts: Schemas["ObjectTexts"] }) {
  const said = useWords(words);
  const [address, change] = useAddress();
  const here = useMemo(() => jobNodes(texts.here), [texts.here]);
  const coming = useMemo(() => jobNodes(texts.package), [texts.package]);
  const isJob = texts.kind === "job" && here.length + coming.length > 0;
  const asGraph = isJob && address["view"] === "graph";
  return (
    <>
      {texts.here === "" && <Typography.Text type="secondary">{said.isNew}</Typography.Text>}
      {isJob && (
        <Segmented
          aria-label={said.view}
          style={{ alignSelf: "start" }}
          value={asGraph ? "graph" : "text"}
          options={[
            { value: "text", label: said.asText },
            { value: "graph", label: said.asGraph },
          ]}
          onChange={(view) => change({ view: view === "graph" ? view : "" })}
        />
      )}
      <Suspense fallback={<Skeleton active />}>
        {asGraph ? (
          <GraphPair here={{ name: said.here, nodes: here }} coming={{ name: said.coming, nodes: coming }} />
        ) : (
          <Texts texts={texts} />
        )}
      </Suspense>
    </>
  );
}

function Texts({ texts }: { texts: Schemas["ObjectTexts"] }) {
  const said = useWords(words);
  const isWide = Grid.useBreakpoint().lg ?? true;
  if (texts.here === "") {
    return (
      <>
        <Typography.Text strong>{said.coming}</Typography.Text>
        <CodeText text={texts.package} language="json" label={said.coming} />
      </>
    );
  }
  return (
    <>
      {isWide ? (
        <div className="halves">
          <Typography.Text strong>{said.here}</Typography.Text>
          <Typography.Text strong>{said.coming}</Typography.Text>
        </div>
      ) : (
        <Flex gap="middle">
          <Typography.Text strong>− {said.here}</Typography.Text>
          <Typography.Text strong>+ {said.coming}</Typography.Text>
        </Flex>
      )}
      <TextDiff
        here={{ name: said.here, text: texts.here }}
        coming={{ name: said.coming, text: texts.package }}
        isWide={isWide}
        folded={said.same}
      />
    </>
  );
}
