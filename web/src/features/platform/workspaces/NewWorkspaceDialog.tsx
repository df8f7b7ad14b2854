import { Form, Input, Radio, Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

const PROFILES = ["factory", "easydata", "strict"] as const;
type Profile = (typeof PROFILES)[number];

/** Makes a workspace, whose owner the reader becomes, with the preset that its imports go by. */
export function NewWorkspaceDialog({ done, close }: { done: () => void; close: () => void }) {
  const said = useWords(words);
  const [name, setName] = useState("");
  const [description, describe] = useState("");
  const [profile, choose] = useState<Profile>("factory");
  const command = [`jobferry workspace create ${quoted(name)}${description ? ` --description ${quoted(description)}` : ""}`];
  if (profile !== "factory") command.push(`jobferry setting set profile=${profile} -w ${quoted(name)}`);
  return (
    <ActDialog title={said.add} ok={said.make} isReady={name.trim() !== ""} act={() => make(name.trim(), description, profile)} done={done} close={close} command={command.join(" && ")}>
      <Form layout="vertical">
        <Form.Item label={said.name} extra={said.nameText}>
          <Input autoFocus aria-label={said.name} value={name} onChange={({ target }) => setName(target.value)} />
        </Form.Item>
        <Form.Item label={said.description}>
          <Input aria-label={said.description} value={description} onChange={({ target }) => describe(target.value)} />
        </Form.Item>
        <Form.Item label={said.profile}>
          <Radio.Group
            vertical
            aria-label={said.profile}
            value={profile}
            onChange={({ target }) => choose(target.value as Profile)}
            options={PROFILES.map((value) => ({
              value,
              label: (
                <>
                  {said[value]}
                  <br />
                  <Typography.Text type="secondary">{said[`${value}Text`]}</Typography.Text>
                </>
              ),
            }))}
          />
        </Form.Item>
      </Form>
    </ActDialog>
  );
}

async function make(name: string, description: string, profile: Profile): Promise<void> {
  await answer(api.POST("/api/workspaces", { body: { name, description } }));
  if (profile !== "factory") await api.PATCH("/api/workspaces/{workspace}/settings", { params: { path: { workspace: name } }, body: { profile } });
}
