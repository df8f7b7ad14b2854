import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Card, Flex, Form, Radio, Skeleton, Typography } from "antd";

import { answer, api } from "@/shared/api/client";
import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { RunningImport } from "../RunningImport";
import { ImportSteps } from "../ImportSteps";
import { commandOf } from "../command";
import { begin, type Source } from "./begin";
import { FileChooser } from "./FileChooser";
import { ObjectChooser } from "./ObjectChooser";
import { optionsOf, type Said } from "./options";
import { kept } from "./kept";
import { NextButton } from "./NextButton";
import { OptionFields } from "./OptionFields";
import { presetOf } from "./presets";
import { easydata, words } from "./words";

/** The first step of an import: which package, and how it is to come in. */
export function NewImportPage() {
  const said = useManualWords(words, easydata);
  const isWorkspaceJob = useIsWorkspaceJob();
  const [address] = useAddress();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/api/settings")) });
  const held = Object.fromEntries((settings.data ?? []).map((setting) => [setting.key, setting.value]));
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={isWorkspaceJob ? said.workspaceTitle : address["kind"] === "script" ? said.scriptTitle : said.title} />
      {isWorkspaceJob && <Typography.Text type="secondary">{said.workspaceText}</Typography.Text>}
      <ImportSteps at="package" />
      <RunningImport />
      <Card style={{ maxWidth: width.text }}>
        {settings.isPending && <Skeleton active />}
        {settings.isError && <Failure error={settings.error} again={() => void settings.refetch()} />}
        {settings.data && <StartForm platform={held} />}
      </Card>
    </Flex>
  );
}

/** Whether the reader came by *Import Workspace Job*; without change management there is no such entry. */
function useIsWorkspaceJob(): boolean {
  const { settings } = useWorkspace();
  const [address] = useAddress();
  return address["act"] === "import-workspace-job" && settings["change_management"] === "true";
}

function StartForm({ platform }: { platform: Record<string, string> }) {
  const said = useManualWords(words, easydata);
  const workspace = useWorkspace();
  const preset = presetOf(workspace.settings);
  const act = useIsWorkspaceJob() ? "import-workspace-job" : preset.act;
  const go = useNavigate();
  const [address, change] = useAddress();
  const [form] = Form.useForm<Said>();
  const all = Form.useWatch([], form) as Said | undefined;
  const options = (asked: Said) => optionsOf(asked, act);
  const limits = limitsOf(platform, act);
  const starting = useMutation({
    mutationFn: (asked: Said) => begin(workspace.name, sourceOf(asked), { ...options(asked), route: "saved" }),
    onSuccess: (begun) =>
      go({ to: "/w/$workspace/imports/$importId", params: { workspace: workspace.name, importId: begun.id } }),
  });
  const isReady = all !== undefined && Boolean(sourceOf(all)) && (!preset.asksDirectory || Boolean(all.directory));
  return (
    <Form<Said>
      form={form}
      layout="vertical"
      initialValues={{
        location: "local",
        path: workspace.settings["default_object_path"],
        duplicates: preset.duplicates,
        status: preset.target_status,
        ...kept(address),
      }}
      onValuesChange={(changed: Partial<Said>) => change(kept(changed))}
      onFinish={(asked) => starting.mutate(asked)}
    >
      <LocationFields hasStorage={platform["object_imports"] === "true"} limits={limits} isLocal={all?.location !== "obs"} />
      <OptionFields all={all} />
      <NextButton starting={starting} isReady={isReady}>
        <Link to="/w/$workspace/imports" params={{ workspace: workspace.name }}>
          <Button tabIndex={-1}>{said.cancel}</Button>
        </Link>
      </NextButton>
      {all && <Command text={commandOf("import", nameOf(sourceOf(all)), options(all), quoted(workspace.name))} />}
    </Form>
  );
}

/** The package that was chosen; empty while there is none. */
function sourceOf(said: Said): Source {
  return (said.location === "obs" ? fileIn(said.path) : said.file) ?? "";
}

/** A path that names an object; a folder is not one yet. */
function fileIn(path = ""): string {
  return path.trim().endsWith("/") ? "" : path.trim();
}

function nameOf(source: Source): string {
  return typeof source === "string" ? source || "FILE.zip" : source.name;
}

interface Limits {
  local: number;
  stored: number;
  unpacked: number;
}

/** The sizes that this act takes. */
function limitsOf(platform: Record<string, string>, act: string): Limits {
  const [local, stored, unpacked] = (
    act === "import-job" ? ["factory_local_bytes", "factory_package_bytes", "factory_unpacked_bytes"] : ["package_bytes", "package_bytes", "unpacked_bytes"]
  ).map((key) => Number(platform[key]));
  return { local: local ?? 0, stored: stored ?? 0, unpacked: unpacked ?? 0 };
}

function LocationFields({ hasStorage, limits: { local, stored, unpacked }, isLocal }: { hasStorage: boolean; limits: Limits; isLocal: boolean }) {
  const said = useManualWords(words, easydata);
  return (
    <>
      <Form.Item name="location" label={said.location}>
        <Radio.Group>
          {hasStorage && <Radio value="obs">{said.obs}</Radio>}
          <Radio value="local">{said.local}</Radio>
        </Radio.Group>
      </Form.Item>
      {isLocal ? (
        <Form.Item name="file" label={said.file} required>
          <FileChooser limit={local} unpacked={unpacked} />
        </Form.Item>
      ) : (
        <Form.Item name="path" label={said.path} extra={said.pathText} rules={[{ required: true, message: said.missing }]}>
          <ObjectChooser limit={stored} unpacked={unpacked} />
        </Form.Item>
      )}
    </>
  );
}
