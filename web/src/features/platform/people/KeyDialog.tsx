import { Radio, Typography } from "antd";
import { useState } from "react";

import { answer, api, type Schemas } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

export type KeyAct = "create" | "rotate" | "disable" | "remove";
type Made = Schemas["NewKeyAnswer"];

const HOURS = { grace24: 24, grace168: 168, grace0: 0, graceNone: null } as const;
type Grace = keyof typeof HOURS;

interface Props {
  act: KeyAct;
  user: string;
  accessKey: string;
  whose: string;
  done: (made: Made | null) => void;
  close: () => void;
}

/** Makes a key pair, replaces one, makes one useless, or takes one away. */
export function KeyDialog({ act, user, accessKey, whose, done, close }: Props) {
  const said = useWords(words);
  const [grace, setGrace] = useState<Grace>("grace24");
  const title = { create: said.newKey, rotate: said.rotateTitle(accessKey), disable: said.disableKeyTitle(accessKey), remove: said.removeKeyTitle(accessKey) }[act];
  const text = { create: said.newKeyText, rotate: said.rotateText, disable: said.disableKeyText, remove: said.removeKeyText }[act];
  const hours = HOURS[grace];
  const option = act === "rotate" && hours !== null ? ` --grace ${hours}` : "";
  const verb = act === "remove" ? "delete" : act;
  return (
    <ActDialog
      title={title}
      ok={act === "create" ? said.make : said[act]}
      isDangerous={act === "disable" || act === "remove"}
      act={() => carryOut(act, user, accessKey, hours)}
      done={done}
      close={close}
      command={["jobferry key", verb, accessKey].filter(Boolean).join(" ") + option + whose}
    >
      <Typography.Text>{text}</Typography.Text>
      {act === "rotate" && (
        <Radio.Group
          vertical
          value={grace}
          onChange={({ target }) => setGrace(target.value as Grace)}
          options={(Object.keys(HOURS) as Grace[]).map((value) => ({ value, label: said[value] }))}
        />
      )}
    </ActDialog>
  );
}

async function carryOut(act: KeyAct, user: string, accessKey: string, hours: number | null): Promise<Made | null> {
  const params = { path: { user, access_key: accessKey } };
  switch (act) {
    case "create":
      return answer(api.POST("/api/users/{user}/keys", { params: { path: { user } } }));
    case "rotate":
      return answer(api.POST("/api/users/{user}/keys/{access_key}/rotate", { params, body: { grace_hours: hours } }));
    case "disable":
      await api.POST("/api/users/{user}/keys/{access_key}/disable", { params });
      return null;
    case "remove":
      await api.DELETE("/api/users/{user}/keys/{access_key}", { params });
      return null;
  }
}
