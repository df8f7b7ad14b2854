import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Form } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import type { Options } from "../api";
import { commandOf } from "../command";
import { kept } from "../start/kept";
import { NextButton } from "../start/NextButton";
import { OptionFields } from "../start/OptionFields";
import { optionsOf, type Said } from "../start/options";
import { presetOf } from "../start/presets";
import { easydata as startEasydata, words as startWords } from "../start/words";
import { beginRestore, type Backup } from "./api";
import { NameFields } from "./NameFields";
import { isWhole, mappingOf, namesOf, typedIn, withTyped, type Names } from "./names";

interface Props {
  backup: Backup;
  from: string;
  hasVariables: boolean;
}

/** Names, policies and what else an import can be told; then its check begins, and its own pages go on. */
export function RestoreForm({ backup, from, hasVariables }: Props) {
  const said = useManualWords(startWords, startEasydata);
  const { name: workspace, settings } = useWorkspace();
  const preset = presetOf(settings);
  const go = useNavigate();
  const [form] = Form.useForm<Said>();
  const all = Form.useWatch([], form) as Said | undefined;
  const [address, change] = useAddress();
  const [names, setNames] = useState(() => withTyped(namesOf(backup), address["names"]));
  const rename = (next: Names): void => {
    setNames(next);
    change({ names: typedIn(next, namesOf(backup)) });
  };
  const options = (asked: Said): Options => ({ ...optionsOf(asked, "import-package"), mapping: mappingOf(names) });
  const starting = useMutation({
    mutationFn: (asked: Said) => beginRestore(workspace, backup.name, from, { ...options(asked), route: "saved" }),
    onSuccess: (begun) => go({ to: "/w/$workspace/imports/$importId", params: { workspace, importId: begun.id } }),
  });
  const isReady = all !== undefined && isWhole(names) && (!preset.asksDirectory || Boolean(all.directory));
  return (
    <Form<Said>
      form={form}
      layout="vertical"
      initialValues={{ duplicates: preset.duplicates, status: preset.target_status, ...kept(address) }}
      onValuesChange={(changed: Partial<Said>) => change(kept(changed))}
      onFinish={(asked) => starting.mutate(asked)}
    >
      <NameFields names={names} rename={rename} />
      <OptionFields all={all} />
      <NextButton starting={starting} isReady={isReady}>
        <Link to="/w/$workspace/asset-backups" params={{ workspace }} search={{ from }}>
          <Button tabIndex={-1}>{said.cancel}</Button>
        </Link>
      </NextButton>
      {all && <Command text={restoreCommand(commandOf("asset-backup restore", backup.name, options(all), quoted(workspace)), from, hasVariables)} />}
    </Form>
  );
}

/** The command, with the folder that the backup lies in; variables have one of their own. */
function restoreCommand(command: string, from: string, hasVariables: boolean): string {
  return [command, ...(from ? ["--from", quoted(from)] : []), ...(hasVariables ? ["--no-variables"] : [])].join(" ");
}
