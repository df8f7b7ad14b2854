import { useQuery } from "@tanstack/react-query";
import { Alert, Flex, Typography } from "antd";

import { CodeDiff } from "@/shared/code/Code";
import { Asked } from "@/shared/look/Asked";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { keys, readTexts, type Item, type Review, type Texts } from "./api";
import { easydata, words } from "./words";

/** The live text of an object beside the one that is asked for. */
export function ItemTexts({ review, item }: { review: Review; item: Item }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [...keys.one(workspace, review.id), "texts", review.state, item.kind, item.name],
    queryFn: () => readTexts(workspace, review, item),
    enabled: item.ask === "submit",
  });
  if (item.ask === "delete") return <Typography.Text>{said.deleting}</Typography.Text>;
  return <Asked query={query}>{(texts) => <Compared texts={texts} item={item} isPending={review.state === "pending"} />}</Asked>;
}

function Compared({ texts, item, isPending }: { texts: Texts; item: Item; isPending: boolean }) {
  const said = useManualWords(words, easydata);
  if (texts.isStale && !isPending) return <Typography.Text type="secondary">{said.gone}</Typography.Text>;
  return (
    <Flex vertical gap="small">
      {texts.isStale && <Alert type="warning" showIcon title={said.stale} />}
      {texts.former === texts.latter ? (
        <Typography.Text>{said.same}</Typography.Text>
      ) : (
        <CodeDiff former={texts.former} latter={texts.latter} language="json" label={said.comparing(item.name)} />
      )}
    </Flex>
  );
}
