import { Flex, Form, Radio, Typography } from "antd";
import { useState, type ReactNode } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { importVariables, type Arrived, type Duplicates } from "./api";
import { words } from "./words";

const POLICIES = ["skip", "overwrite", "fail"] as const;

interface Props {
  title: string;
  /** What stands for the package; another one is checked anew. Null while there is none. */
  source: unknown;
  /** Hands the package in; its id. */
  handIn: () => Promise<string>;
  command: (duplicates: Duplicates) => string;
  done: (arrived: Arrived) => void;
  close: () => void;
  children?: ReactNode;
}

interface Checked {
  id: string;
  source: unknown;
  duplicates: Duplicates;
  arrived: Arrived;
}

/** Checks a package of variables, shows what would become of each, and imports all of them. */
export function VariableImportDialog({ title, source, handIn, command, done, close, children }: Props) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const [duplicates, choose] = useState<Duplicates>("skip");
  const [checked, keep] = useState<Checked | null>(null);
  const found = checked?.source === source && checked?.duplicates === duplicates ? checked : null;
  const isRefused = found?.arrived.items.some(({ outcome }) => outcome === "blocked") ?? false;
  const act = async (): Promise<Checked> => {
    const id = found?.id ?? (await handIn());
    return { id, source, duplicates, arrived: await importVariables(workspace, id, duplicates, found === null) };
  };
  return (
    <ActDialog
      title={title}
      ok={found ? said.import : said.check}
      isReady={source !== null && !isRefused}
      act={act}
      done={(now) => (now.arrived.applied ? done(now.arrived) : keep(now))}
      close={close}
      command={command(duplicates)}
    >
      <Form layout="vertical">
        {children}
        <Form.Item label={said.duplicates}>
          <Radio.Group
            vertical
            value={duplicates}
            options={POLICIES.map((value) => ({ value, label: said[value] }))}
            onChange={({ target }) => choose(target.value as Duplicates)}
          />
        </Form.Item>
      </Form>
      {found && <Outcomes arrived={found.arrived} isRefused={isRefused} />}
    </ActDialog>
  );
}

function Outcomes({ arrived, isRefused }: { arrived: Arrived; isRefused: boolean }) {
  const said = useWords(words);
  return (
    <Flex vertical aria-live="polite">
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
