import { useQueryClient } from "@tanstack/react-query";
import { Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords } from "@/shared/session/workspace";

import { keys, type Place, type Saved } from "../api";
import { TagsField } from "../TagsField";
import { easydata, words } from "./words";

interface Props {
  place: Place;
  object: Saved;
  close: () => void;
}

/** Gives a job other tags; its draft changes, what is live does not. */
export function TagsDialog({ place: { workspace, name }, object, close }: Props) {
  const said = useManualWords(words, easydata);
  const queries = useQueryClient();
  const [tags, setTags] = useState([...object.tags]);
  const params = { path: { workspace, name }, query: { take_lock: true } };
  return (
    <ActDialog
      title={said.tagsTitle(name)}
      ok={said.save}
      isReady={tags.join("\n") !== object.tags.join("\n")}
      act={() => answer(api.PUT("/api/workspaces/{workspace}/jobs/{name}/tags", { params, body: { tags } }))}
      done={() => {
        close();
        void queries.invalidateQueries({ queryKey: keys.all(workspace) });
        void queries.invalidateQueries({ queryKey: ["tags", workspace] });
      }}
      close={close}
      command={["jobferry tag set", quoted(name), ...tags.map(quoted), "--lock", "-w", quoted(workspace)].join(" ")}
    >
      <Typography.Text type="secondary">{said.tagsText}</Typography.Text>
      <TagsField label={said.tags} value={tags} change={setTags} />
    </ActDialog>
  );
}
