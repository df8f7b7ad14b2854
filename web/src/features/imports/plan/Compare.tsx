import { useQuery } from "@tanstack/react-query";
import { Flex, Grid, Skeleton, Typography } from "antd";
import { lazy, Suspense } from "react";

import { Asked } from "@/shared/look/Asked";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { keys, type Import } from "../api";
import { readTexts, type Step } from "./api";
import { words } from "./words";

const TextDiff = lazy(() => import("./TextDiff"));

/** What one object would change: its text here beside the one that would be written. */
export function Compare({ found, step }: { found: Import; step: Step }) {
  const said = useWords(words);
  const isWide = Grid.useBreakpoint().lg ?? true;
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, found.id), "texts", found.plan_digest, step.kind, step.name],
    queryFn: () => readTexts(workspace, found.id, step),
  });
  return (
    <Asked query={query}>
      {(texts) =>
        texts.here === texts.package ? (
          <Typography.Text type="secondary">{step.change === "new" ? said.isNew : said.isSame}</Typography.Text>
        ) : (          <Flex vertical gap="small">
            <div className="halves">
              <Typography.Text strong>{said.here}</Typography.Text>
              <Typography.Text strong>{said.coming}</Typography.Text>
            </div>
            <Suspense fallback={<Skeleton active />}>
              <TextDiff
                here={{ name: said.here, text: texts.here }}
                coming={{ name: said.coming, text: texts.package }}
                isWide={isWide}
                folded={said.same}
              />
            </Suspense>
          </Flex>
        )
      }
    </Asked>
  );
}
