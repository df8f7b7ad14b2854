import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form, Typography } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { keys, type Import, type Options } from "../api";
import { commandOf } from "../command";
import { changeOptions } from "../plan/api";
import { NextButton } from "./NextButton";
import { OptionFields } from "./OptionFields";
import { optionsOf, saidOf, type Said } from "./options";
import { presetOf } from "./presets";
import { easydata, words } from "./words";

/** The first step of an import that was checked already: its package stays, and it is checked again by other options. */
export function ChangeOptions({ found }: { found: Import }) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const preset = presetOf(settings);
  const queries = useQueryClient();
  const [, change] = useAddress();
  const [form] = Form.useForm<Said>();
  const all = Form.useWatch([], form) as Said | undefined;
  const former: Options = found.options;
  const optionsBy = (asked: Said): Options => ({ ...former, ...optionsOf(asked, former.act ?? "import-package") });
  const changing = useMutation({
    mutationFn: async (asked: Said) => {
      queries.setQueryData(keys.one(workspace, found.id), await changeOptions(workspace, found.id, optionsBy(asked)));
    },
    onSuccess: () => change({ step: "" }),
  });
  return (
    <Card style={{ maxWidth: width.text }}>
      <Form<Said> form={form} layout="vertical" initialValues={saidOf(former, preset)} onFinish={(asked) => changing.mutate(asked)}>
        <Form.Item label={said.file} extra={said.stays}>
          <Typography.Text strong className="beside">
            {found.package_name}
          </Typography.Text>
        </Form.Item>
        <OptionFields all={all} />
        <NextButton starting={changing} isReady={all !== undefined && (!preset.asksDirectory || Boolean(all.directory))}>
          <Button onClick={() => change({ step: "" })}>{said.cancel}</Button>
        </NextButton>
        {all && <Command text={commandOf("check", found.package_name, optionsBy(all), quoted(workspace))} />}
      </Form>
    </Card>
  );
}
