import { CloudUploadOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Card, Flex, Typography } from "antd";
import { useState } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { Marked } from "@/shared/look/Marked";
import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { usePlatformSettings } from "@/shared/session/settings";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { TaskProgress } from "@/shared/tasks/TaskProgress";
import { useAddress } from "@/shared/url/address";

import { keys, readState, takeBackup, type State } from "./api";
import { Backups } from "./Backups";
import { How } from "./How";
import { folderOf, lacksOf } from "./lacks";
import { lastFailure } from "./rows";
import { easydata, words } from "./words";

const EVERY_MS = 5_000;

/** Backups of the workspace's assets: how they are set, those that there are, one more, and the way back. */
export function AssetBackupsPage() {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const [address] = useAddress();
  const lacks = lacksOf(settings, usePlatformSettings());
  const from = address["from"] ?? "";
  const query = useQuery({ queryKey: keys.state(workspace), queryFn: () => readState(workspace), refetchInterval: EVERY_MS });
  const canTake = !lacks.includes("path") && !lacks.includes("exports") && query.data !== undefined && query.data.running === null;
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        <BackUpNow canTake={canTake} />
      </PageTitle>
      <Asked query={query}>
        {(state) => (
          <>
            <How state={state} lacks={lacks} />
            <Moment state={state} />
            {!lacks.includes("imports") && <Backups state={state} from={from} />}
          </>
        )}
      </Asked>
      <Command text={`jobferry asset-backup list${from && ` --from ${quoted(from)}`} -w ${quoted(workspace)}`} />
    </Flex>
  );
}

function BackUpNow({ canTake }: { canTake: boolean }) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const queries = useQueryClient();
  const [isAsked, ask] = useState(false);
  const begun = async () => {
    await queries.invalidateQueries({ queryKey: keys.state(workspace) });
    ask(false);
  };
  return (
    <>
      <Button type="primary" icon={<CloudUploadOutlined aria-hidden />} disabled={!canTake} onClick={() => ask(true)}>
        {said.now}
      </Button>
      {isAsked && (
        <ActDialog
          title={said.nowTitle}
          ok={said.now}
          act={() => takeBackup(workspace)}
          done={() => void begun()}
          close={() => ask(false)}
          command={`jobferry asset-backup create -w ${quoted(workspace)}`}
        >
          <Typography.Text>{said.nowText}</Typography.Text>
          <Typography.Text type="secondary" className="beside">
            {said.goesTo}: {folderOf(settings).replace(/\/$/, "")}/{workspace}
          </Typography.Text>
        </ActDialog>
      )}
    </>
  );
}

/** The backup that is being taken, or why the last one could not be. */
function Moment({ state }: { state: State }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { running } = state;
  const failure = lastFailure(state);
  if (running) {
    return (
      <Card size="small" title={said.running(running.name)}>
        <TaskProgress
          key={running.task_id}
          taskId={running.task_id}
          onEnd={(task) => {
            if (task.status === "SUCCESSFUL") void message.success(said.taken(running.name));
            void queries.invalidateQueries({ queryKey: keys.state(workspace) });
          }}
        />
      </Card>
    );
  }
  return failure && <Alert type="error" showIcon title={said.failed(failure.name)} description={<Marked text={failure.reason} />} />;
}
