import { Button, Flex, Form, Radio, Typography, Upload } from "antd";
import { useState } from "react";

import { handIn } from "@/shared/api/handIn";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { importVariables, type Arrived, type Duplicates } from "./api";
import { easydata, words } from "./words";

const POLICIES: readonly Duplicates[] = ["skip", "overwrite", "fail"];

/** Checks a package of variables, shows what would become of each, and imports all of them. */
export function ImportDialog({ done, close }: { done: () => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [file, choose] = useState<File | null>(null);
  const [duplicates, setDuplicates] = useState<Duplicates>("skip");
  const [found, setFound] = useState<{ id: string; arrived: Arrived } | null>(null);
  const isRefused = found?.arrived.items.some(({ outcome }) => outcome === "blocked") ?? false;
  const check = async () => {
    const id = file === null ? "" : await handIn(file);
    return { id, arrived: await importVariables(workspace, id, duplicates, true) };
  };
  const apply = async (id: string) => ({ id, arrived: await importVariables(workspace, id, duplicates, false) });
  return (
    <ActDialog
      title={said.importTitle}
      ok={found ? said.import : said.check}
      isReady={file !== null && !isRefused}
      act={() => (found ? apply(found.id) : check())}
      done={(now) => (now.arrived.applied ? done() : setFound(now))}
      close={close}
      command={`jobferry variable import ${quoted(file?.name ?? "variables.zip")} --duplicates ${duplicates} -w ${quoted(workspace)}`}
    >
      <Form layout="vertical">
        <Form.Item label={said.file}>
          <Upload
            accept=".zip"
            maxCount={1}
            beforeUpload={(chosen) => {
              choose(chosen);
              setFound(null);
              return false;
            }}
            onRemove={() => {
              choose(null);
              setFound(null);
            }}
          >
            <Button>{said.choose}</Button>
          </Upload>
        </Form.Item>
        <Form.Item label={said.duplicates}>
          <Radio.Group
            vertical
            value={duplicates}
            options={POLICIES.map((value) => ({ value, label: said[value as "skip"] }))}
            onChange={({ target }) => {
              setDuplicates(target.value as Duplicates);
              setFound(null);
            }}
          />
        </Form.Item>
      </Form>
      {found && <Outcomes arrived={found.arrived} isRefused={isRefused} />}
    </ActDialog>
  );
}

function Outcomes({ arrived, isRefused }: { arrived: Arrived; isRefused: boolean }) {
  const said = useManualWords(words, easydata);
  return (
    <Flex vertical>
      <Typography.Text strong>{isRefused ? said.refused : said.wouldBe}</Typography.Text>
      {arrived.items.map(({ name, outcome, incomplete, reason }) => (
        <Typography.Text key={name} {...(outcome === "blocked" ? { type: "danger" as const } : {})} className="beside">
          {name}: {said[outcome]}
          {incomplete && `, ${said.incomplete}`}
          {reason && ` (${reason})`}
        </Typography.Text>
      ))}
    </Flex>
  );
}
