import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Flex, Input, Typography } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { Marked } from "@/shared/look/Marked";
import { space, width } from "@/shared/look/tokens";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useLanguage, useWords } from "@/shared/words/words";

import { keys, readLock, type Import, type Options } from "../api";
import { RunningImport } from "../RunningImport";
import { commandOf } from "../command";
import { actsOf } from "./acts";
import { applyPlan, changeOptions, discard, hasAnswers, saveRoute, sourceOf } from "./api";
import { Deletions } from "./Deletions";
import { PlanSteps } from "./PlanSteps";
import { words } from "./words";

const EVERY_MS = 3_000;
const MOST_CHARACTERS = 1_000;

/** What the import would do, object by object, and the button that does it. */
export function Plan({ found }: { found: Import }) {
  const { name: workspace } = useWorkspace();
  return (
    <Flex vertical gap={space.medium}>
      <RunningImport />
      {found.check?.refused && <Refused found={found} />}
      {found.message && <Alert type="warning" showIcon title={<Marked text={found.message} />} description={found.hint && <Marked text={found.hint} />} />}
      <PlanSteps found={found} />
      <Deletions found={found} />
      <Apply found={found} />
      <Command text={commandOf("import", found.package_name, found.options, quoted(workspace))} />
    </Flex>
  );
}

function Refused({ found }: { found: Import }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: () => changeOptions(workspace, found.id, { ...(found.options as Options), outcome: "job" }),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.one(workspace, found.id) }),
  });
  return (
    <Alert
      type="error"
      showIcon
      title={said.refused}
      description={
        <Flex vertical gap="small" align="start">
          {said.refusedText}
          {changing.isError && <Failure error={changing.error} />}
          <Button loading={changing.isPending} onClick={() => changing.mutate()}>
            {said.others}
          </Button>
        </Flex>
      }
    />
  );
}

function Apply({ found }: { found: Import }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [, change] = useAddress();
  const lock = useQuery({ queryKey: keys.lock(workspace), queryFn: () => readLock(workspace), refetchInterval: EVERY_MS });
  const [comment, setComment] = useState("");
  const [keepsRoute, setKeepsRoute] = useState(false);
  const again = { onSettled: () => queries.invalidateQueries({ queryKey: keys.all(workspace) }) };
  const applying = useMutation({
    mutationFn: async () => {
      if (keepsRoute) await saveRoute(workspace, found);
      return applyPlan(workspace, found, comment.trim());
    },
    ...again,
  });
  const discarding = useMutation({ mutationFn: () => discard(workspace, found.id), ...again });
  const acts = actsOf(found.check?.counts ?? {}, said, language === "zh" ? "，" : ", ");
  const isLocked = Boolean(lock.data);
  return (
    <Flex vertical gap="small" align="start">
      {applying.isError && <Failure error={applying.error} />}
      {discarding.isError && <Failure error={discarding.error} />}
      <Input.TextArea
        aria-label={said.comment}
        placeholder={said.comment}
        maxLength={MOST_CHARACTERS}
        rows={2}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        style={{ maxWidth: width.text }}
      />
      {hasAnswers(found) && (
        <Checkbox checked={keepsRoute} onChange={(event) => setKeepsRoute(event.target.checked)}>
          {said.keep(sourceOf(found))}
        </Checkbox>
      )}
      <Flex gap="small" wrap align="center">
        <Button
          type="primary"
          size="large"
          danger={Boolean(found.check?.counts["delete"])}
          disabled={acts === "" || found.check?.refused === true || isLocked}
          loading={applying.isPending}
          onClick={() => applying.mutate()}
        >
          {acts ? said.apply(acts) : said.nothingToDo}
        </Button>
        <Button onClick={() => change({ step: "mapping", page: "", verdict: "", name: "" })}>{said.back}</Button>
        <Button type="text" loading={discarding.isPending} onClick={() => discarding.mutate()}>
          {said.discard}
        </Button>
      </Flex>
      {isLocked && <Typography.Text type="secondary">{said.locked}</Typography.Text>}
    </Flex>
  );
}
