import { useQueryClient } from "@tanstack/react-query";
import { Typography } from "antd";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useWords } from "@/shared/words/words";

import { keys, type Place, type Saved } from "../api";
import { words } from "./words";

interface Props {
  place: Place;
  object: Saved;
  version: number;
  close: () => void;
}

/** Makes a version's text the draft, if that is still the one that was seen. */
export function RollbackDialog({ place, object, version, close }: Props) {
  const said = useWords(words);
  const queries = useQueryClient();
  const script = place.kind === "script" ? " --script" : "";
  return (
    <ActDialog
      title={said.rollbackTitle(version)}
      ok={said.rollback}
      isDangerous
      act={() =>
        answer(
          api.POST("/api/workspaces/{workspace}/rollbacks/{kind}/{name}", {
            params: { path: place, query: { take_lock: true }, header: { "If-Match": `"${object.digest}"` } },
            body: { version },
          }),
        )
      }
      done={() => {
        void queries.invalidateQueries({ queryKey: keys.all(place.workspace) });
        close();
      }}
      close={close}
      command={`jobferry version rollback ${quoted(place.name)} ${version}${script} --lock -w ${quoted(place.workspace)}`}
    >
      <Typography.Text>{said.rollbackText}</Typography.Text>
    </ActDialog>
  );
}
