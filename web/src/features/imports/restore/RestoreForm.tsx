import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Flex, Form, Input } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { isReviewed } from "@/shared/people/approval";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import type { Options } from "../api";
import { commandOf } from "../command";
import { ApproversField } from "../start/ApproversField";
import { MoreOptions } from "../start/MoreOptions";
import { optionsOf, type Said } from "../start/options";
import { PolicyFields } from "../start/PolicyFields";
import { presetOf } from "../start/presets";
import { easydata as startEasydata, words as startWords } from "../start/words";
import { beginRestore, type Backup } from "./api";
import { NameFields } from "./NameFields";
import { isWhole, mappingOf, namesOf } from "./names";

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
  const [names, rename] = useState(() => namesOf(backup));
  const options = (asked: Said): Options => ({ ...optionsOf(asked, "import-package"), mapping: mappingOf(names) });
  const asksApprovers = isReviewed(settings) && all?.status === "submitted";
  const starting = useMutation({
    mutationFn: (asked: Said) => beginRestore(workspace, backup.name, from, { ...options(asked), route: "saved" }),
    onSuccess: (begun) => go({ to: "/w/$workspace/imports/$importId", params: { workspace, importId: begun.id } }),
  });
  const isReady = all !== undefined && isWhole(names) && (!preset.asksDirectory || Boolean(all.directory));
  return (
    <Form<Said>
      form={form}
      layout="vertical"
      initialValues={{ duplicates: preset.duplicates, status: preset.target_status }}
      onFinish={(asked) => starting.mutate(asked)}
    >
      <NameFields names={names} rename={rename} />
      <PolicyFields status={all?.status ?? preset.target_status} />
      {preset.asksDirectory && (
        <Form.Item name="directory" label={said.directory} rules={[{ required: true, message: said.missing }]}>
          <Input placeholder="/imports" />
        </Form.Item>
      )}
      {asksApprovers && <ApproversField isNeeded={settings["review"] === "all"} />}
      <MoreOptions isMoved={Boolean(all?.timeZone)} />
      {starting.isError && (
        <Form.Item>
          <Failure error={starting.error} />
        </Form.Item>
      )}
      <Flex gap="small" wrap style={{ marginBottom: space.small }}>
        <Button type="primary" htmlType="submit" disabled={!isReady} loading={starting.isPending}>
          {said.next}
        </Button>
        <Link to="/w/$workspace/asset-backups" params={{ workspace }} search={{ from }}>
          <Button tabIndex={-1}>{said.cancel}</Button>
        </Link>
      </Flex>
      {all && <Command text={restoreCommand(commandOf("asset-backup restore", backup.name, options(all), quoted(workspace)), from, hasVariables)} />}
    </Form>
  );
}

/** The command, with the folder that the backup lies in; variables have one of their own. */
function restoreCommand(command: string, from: string, hasVariables: boolean): string {
  return [command, ...(from ? ["--from", quoted(from)] : []), ...(hasVariables ? ["--no-variables"] : [])].join(" ");
}
