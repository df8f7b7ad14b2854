import { App, Form, Radio, Typography } from "antd";
import { useState } from "react";

import { answer, api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { FileField } from "@/shared/look/FileField";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

/** Gives jobs the tags of a file, beside those that they have or instead. */
export function TagFileDialog({ done, close }: { done: () => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { message } = App.useApp();
  const { name: workspace } = useWorkspace();
  const [file, choose] = useState<File | null>(null);
  const [isOverwrite, setOverwrite] = useState(false);
  const send = () =>
    answer(
      api.POST("/api/workspaces/{workspace}/tag-file", {
        params: { path: { workspace }, query: { overwrite: isOverwrite } },
        body: file as unknown as string,
        bodySerializer: (body: unknown) => body as File,
        headers: { "Content-Type": "text/csv" },
      }),
    );
  return (
    <ActDialog
      title={said.fromFile}
      ok={said.import}
      isReady={file !== null}
      act={send}
      done={(brought) => {
        void message.success(said.imported(brought.jobs, brought.changed, brought.tags_made.length));
        done();
      }}
      close={close}
      command={`jobferry tag import ${quoted(file?.name ?? "tags.csv")}${isOverwrite ? " --overwrite" : ""} -w ${quoted(workspace)}`}
    >
      <Typography.Text type="secondary">{said.fileText}</Typography.Text>
      <Form layout="vertical">
        <FileField label={said.file} choose={said.choose} accept=".csv,text/csv" onChoose={choose} />
        <Radio.Group
          vertical
          value={isOverwrite}
          options={[
            { value: false, label: said.append },
            { value: true, label: said.overwrite },
          ]}
          onChange={({ target }) => setOverwrite(Boolean(target.value))}
        />
      </Form>
    </ActDialog>
  );
}
