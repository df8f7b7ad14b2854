import { App, Button, Card, Flex, Typography } from "antd";
import { useState } from "react";

import { importVariables } from "@/shared/arriving/api";
import { ArrivalDialog } from "@/shared/arriving/ArrivalDialog";
import { quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";

import { unpack, type Backup } from "./api";
import { easydata, words } from "./words";

interface Props {
  backup: Backup;
  file: Backup["files"][number];
  from: string;
}

/** The environment variables of a backup, which no import takes: checked and set by themselves. */
export function VariablesCard({ backup, file, from }: Props) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const { message } = App.useApp();
  const mayEdit = useMay("variable-edit");
  const [isAsked, ask] = useState(false);
  const handIn = async () => (await unpack(workspace, backup.name, from)).variables?.id ?? "";
  return (
    <Card title={said.variables} style={{ maxWidth: width.text }}>
      <Flex vertical gap="small" align="start">
        <Typography.Text>{said.variablesText(file.objects)}</Typography.Text>
        {mayEdit ? (
          <Button onClick={() => ask(true)}>{said.restoreVariables}</Button>
        ) : (
          <Typography.Text type="secondary">{said.mayNot}</Typography.Text>
        )}
      </Flex>
      {isAsked && (
        <ArrivalDialog
          title={said.restoreVariables}
          source={file.sha256}
          handIn={handIn}
          run={(id, duplicates, isTrial) => importVariables(workspace, id, duplicates, isTrial)}
          incomplete={said.noValue}
          command={(duplicates) => `jobferry variable import ${quoted(`${backup.place}/${file.path}`)} --duplicates ${duplicates} -w ${quoted(workspace)}`}
          done={() => {
            void message.success(said.restored);
            ask(false);
          }}
          close={() => ask(false)}
        />
      )}
    </Card>
  );
}
