import { Flex, Form, Radio, Typography } from "antd";
import { useState, type ReactNode } from "react";

import { ActDialog } from "@/shared/look/ActDialog";
import { useWords } from "@/shared/words/words";

import type { Arrived, Duplicates } from "./api";
import { words } from "./words";

const POLICIES = ["skip", "overwrite", "fail"] as const;

interface Props {
  title: string;
  /** What stands for the package; another one is checked anew. Null while there is none. */
  source: unknown;
  /** Hands the package in; its id. */
  handIn: () => Promise<string>;
  /** Imports all of it or nothing; a trial only tells what would become of each. */
  run: (packageId: string, duplicates: Duplicates, isTrial: boolean) => Promise<Arrived>;
  /** What is said of one that comes in without its secret, or its value. */
  incomplete: string;
  /** Asks for what these lack. */
  ask?: (names: string[]) => ReactNode;
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

/** Checks a package of connections or variables, shows what would become of each, and imports all of them. */
export function ArrivalDialog({ title, source, handIn, run, incomplete, ask, command, done, close, children }: Props) {
  const said = useWords(words);
  const [duplicates, choose] = useState<Duplicates>("skip");
  const [checked, keep] = useState<Checked | null>(null);
  const found = checked?.source === source && checked?.duplicates === duplicates ? checked : null;
  const isRefused = found?.arrived.items.some(({ outcome }) => outcome === "blocked") ?? false;
  const act = async (): Promise<Checked> => {
    const id = found?.id ?? (await handIn());
    return { id, source, duplicates, arrived: await run(id, duplicates, found === null) };
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
      {found && <Outcomes arrived={found.arrived} isRefused={isRefused} incomplete={incomplete} />}
      {found && !isRefused && ask?.(found.arrived.items.filter((thing) => thing.incomplete).map(({ name }) => name))}
    </ActDialog>
  );
}

function Outcomes({ arrived, isRefused, incomplete }: { arrived: Arrived; isRefused: boolean; incomplete: string }) {
  const said = useWords(words);
  return (
    <Flex vertical aria-live="polite">
      <Typography.Text strong>{isRefused ? said.refused : said.wouldBe}</Typography.Text>
      {arrived.items.map((thing) => (
        <Typography.Text key={thing.name} {...(thing.outcome === "blocked" ? { type: "danger" as const } : {})} className="beside">
          {thing.name}: {said[thing.outcome]}
          {thing.incomplete && `, ${incomplete}`}
          {thing.reason && ` (${thing.reason})`}
        </Typography.Text>
      ))}
    </Flex>
  );
}
