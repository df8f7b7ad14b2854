import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Card, Flex, Tag } from "antd";

import { Failure } from "@/shared/look/Failure";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { keys, type Import, type Options } from "../api";
import { changeOptions } from "../plan/api";
import { without } from "./decide";
import { easydata, words } from "./words";

/** Answers that this check went by already; each can be taken back. */
export function Answered({ found }: { found: Import }) {
  const said = useManualWords(words, easydata);
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const options = found.options as Options;
  const takingBack = useMutation({
    mutationFn: ({ kind, name }: { kind: string; name: string }) =>
      changeOptions(workspace, found.id, without(options, kind, name)),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.one(workspace, found.id) }),
  });
  const mapped = Object.entries(options.mapping ?? {}).flatMap(([kind, pairs]) =>
    Object.entries(pairs).map(([name, local]) => ({ kind, name, text: `${name} → ${local}` })),
  );
  const held = Object.entries(options.hold ?? {}).flatMap(([kind, names]) =>
    names.map((name) => ({ kind, name, text: said.waits(name) })),
  );
  const all = [...mapped, ...held];
  if (all.length === 0) return null;
  return (
    <Card title={said.answered} size="small">
      <Flex gap="small" wrap>
        {all.map((one) => (
          <Tag
            key={`${one.kind}/${one.name}`}
            closable={{ closeIcon: true, "aria-label": said.takeBack }}
            onClose={(event) => {
              event.preventDefault();
              takingBack.mutate(one);
            }}
          >
            {kinds[one.kind] ?? one.kind}: {one.text}
          </Tag>
        ))}
      </Flex>
      {takingBack.isError && <Failure error={takingBack.error} />}
    </Card>
  );
}
