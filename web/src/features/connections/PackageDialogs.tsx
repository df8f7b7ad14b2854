import { Form, Input, Typography } from "antd";
import { useState } from "react";

import { handIn } from "@/shared/api/handIn";
import { importConnections, savePackage } from "@/shared/arriving/api";
import { ArrivalDialog } from "@/shared/arriving/ArrivalDialog";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { FileField } from "@/shared/look/FileField";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

/** Saves the package of all connections on the reader's machine. */
export function ExportDialog({ close }: { close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  return (
    <ActDialog
      title={said.exportTitle}
      ok={said.export}
      act={() => savePackage(workspace, "connections")}
      done={close}
      close={close}
      command={`jobferry connection export -o connections.zip -w ${quoted(workspace)}`}
    >
      <Typography.Text>{said.exportText}</Typography.Text>
    </ActDialog>
  );
}

/** Imports the connections of a package on this machine, with the passwords that they lack. */
export function ImportDialog({ done, close }: { done: () => void; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [file, choose] = useState<File | null>(null);
  const [passwords, setPasswords] = useState<Record<string, string>>({});
  const given = Object.entries(passwords).filter(([, password]) => password !== "");
  const params = Object.fromEntries(given.map(([name, password]) => [name, { password }]));
  return (
    <ArrivalDialog
      title={said.importTitle}
      source={file}
      handIn={async () => (file === null ? "" : handIn(file))}
      run={(id, duplicates, isTrial) => importConnections(workspace, { package: { id }, duplicates, dry_run: isTrial, ...(isTrial ? {} : { params }) })}
      incomplete={said.incomplete}
      ask={(names) =>
        names.length > 0 && (
          <Form layout="vertical">
            <Typography.Paragraph type="secondary">{said.passwordText}</Typography.Paragraph>
            {names.map((name) => (
              <Form.Item key={name} label={said.passwordOf(name)}>
                <Input.Password
                  aria-label={said.passwordOf(name)}
                  autoComplete="new-password"
                  value={passwords[name] ?? ""}
                  onChange={({ target }) => setPasswords({ ...passwords, [name]: target.value })}
                />
              </Form.Item>
            ))}
          </Form>
        )
      }
      command={(duplicates) => `jobferry connection import ${quoted(file?.name ?? "connections.zip")} --duplicates ${duplicates} --ask -w ${quoted(workspace)}`}
      done={done}
      close={close}
    >
      <FileField label={said.file} choose={said.choose} accept=".zip" onChoose={choose} />
    </ArrivalDialog>
  );
}
