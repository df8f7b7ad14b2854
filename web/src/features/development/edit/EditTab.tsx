import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Flex, theme, Typography } from "antd";
import { useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { pageOf } from "@/shared/objects/kinds";
import { useMe } from "@/shared/session/session";
import { useManualWords, useMay } from "@/shared/session/workspace";

import { keys, readText, type Place, type Saved, type Text } from "../api";
import { ObjectActDialog } from "../object/ActDialogs";
import { Conflict } from "./Conflict";
import { Editor } from "./Editor";
import { isConflict, readTheirs, saveText, type Theirs } from "./save";
import { easydata, words } from "./words";

/** The draft, to be changed. It is read once: what others save meanwhile is told when this is saved. */
export function EditTab({ place, object }: { place: Place; object: Saved }) {
  const query = useQuery({
    queryKey: ["editing", place.workspace, place.kind, place.name],
    queryFn: () => readText(place),
    staleTime: Infinity,
    gcTime: 0,
  });
  return <Asked query={query}>{(first) => <Editing key={first.tag} place={place} object={object} first={first} />}</Asked>;
}

function Editing({ place, object, first }: { place: Place; object: Saved; first: Text }) {
  const said = useManualWords(words, easydata);
  const me = useMe().name;
  const queries = useQueryClient();
  const go = useNavigate();
  const { message } = App.useApp();
  const [begun, begin] = useState(first);
  const [text, setText] = useState(first.text);
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  const [isTaking, setTaking] = useState(false);
  const { token } = theme.useToken();
  const mayLock = useMay("lock-operate");
  const isForeign = object.locked_by !== "" && object.locked_by !== me;
  const isChanged = text !== begun.text;
  useBlocker({ shouldBlockFn: () => isChanged && !saving.isSuccess && !window.confirm(said.leave), enableBeforeUnload: () => isChanged });
  const saving = useMutation({
    mutationFn: (tag: string) => saveText(place, text, tag),
    onSuccess: async (saved) => {
      setTheirs(null);
      begin({ text, tag: `"${saved.digest}"` });
      void message.success(said.saved, 1);
      if (saved.name !== place.name) await go({ to: pageOf[place.kind], params: { workspace: place.workspace, name: saved.name }, replace: true });
      await queries.invalidateQueries({ queryKey: keys.all(place.workspace) });
    },
    onError: async (error) => {
      if (isConflict(error)) setTheirs(await readTheirs(place));
    },
  });
  const taken = (): void => {
    setTaking(false);
    saving.reset();
  };
  const startAgain = (from: Text): void => {
    begin(from);
    setText(from.text);
    setTheirs(null);
    saving.reset();
  };
  return (
    <Flex vertical gap="middle">
      {isForeign && (
        <Alert type="warning" showIcon title={said.lockedBy(object.locked_by)} action={mayLock && <Button onClick={() => setTaking(true)}>{said.lock}</Button>} />
      )}
      {isTaking && <ObjectActDialog place={place} object={object} act="lock" close={taken} />}
      {theirs !== null && <Conflict theirs={theirs} mine={text} take={() => startAgain(theirs)} overwrite={() => saving.mutate(theirs.tag)} />}
      {theirs === null && saving.isError && <Failure error={saving.error} />}
      {theirs === null && <Editor key={begun.tag} kind={place.kind} isNew={false} text={text} change={setText} />}
      <Flex gap="small" align="center" wrap className="stays" style={{ background: token.colorBgLayout }}>
        <Button type="primary" disabled={!isChanged || theirs !== null} loading={saving.isPending} onClick={() => saving.mutate(begun.tag)}>
          {said.save}
        </Button>
        <Button disabled={!isChanged} onClick={() => startAgain({ ...begun })}>
          {said.discard}
        </Button>
        <Typography.Text type="secondary">{said.saveText}</Typography.Text>
      </Flex>
      <Command text={`jobferry ${place.kind} edit ${quoted(place.name)} FILE --draft --lock --if-match ${quoted(begun.tag)} -w ${quoted(place.workspace)}`} />
    </Flex>
  );
}
