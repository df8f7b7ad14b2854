import { Checkbox, Flex, Typography } from "antd";
import { useState } from "react";

import { api } from "@/shared/api/client";
import { ActDialog } from "@/shared/look/ActDialog";
import { quoted } from "@/shared/look/Command";
import { INVENTORY_KINDS, type InventoryKind } from "@/shared/objects/inventory";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { easydata, words } from "./words";

interface Props {
  accepted: InventoryKind[];
  done: () => void;
  close: () => void;
}

/** Says of which kinds everything exists here. */
export function AcceptDialog({ accepted, done, close }: Props) {
  const said = useManualWords(words, easydata);
  const names = useManualWords(kindWords, easydataKinds);
  const { name: workspace } = useWorkspace();
  const [chosen, choose] = useState(accepted);
  const more = chosen.filter((kind) => !accepted.includes(kind));
  const less = accepted.filter((kind) => !chosen.includes(kind));
  const where = `-w ${quoted(workspace)}`;
  const commands = [
    more.length > 0 ? `jobferry inventory accept ${more.join(" ")} ${where}` : "",
    less.length > 0 ? `jobferry inventory accept ${less.join(" ")} --off ${where}` : "",
  ].filter(Boolean);
  const send = async (): Promise<void> => {
    for (const [kinds, isAccepted] of [[more, true], [less, false]] as const) {
      if (kinds.length === 0) continue;
      await api.PUT("/api/workspaces/{workspace}/inventory/accepted", { params: { path: { workspace } }, body: { kinds, accepted: isAccepted } });
    }
  };
  return (
    <ActDialog
      title={said.acceptTitle}
      ok={said.save}
      isReady={commands.length > 0}
      act={send}
      done={() => done()}
      close={close}
      command={commands.length > 0 ? commands.join(" && ") : null}
    >
      <Typography.Text type="secondary">{said.acceptText}</Typography.Text>
      <Checkbox.Group value={chosen} onChange={choose}>
        <Flex vertical gap="small">
          {INVENTORY_KINDS.map((kind) => (
            <Checkbox key={kind} value={kind}>
              {names[kind]}
            </Checkbox>
          ))}
        </Flex>
      </Checkbox.Group>
    </ActDialog>
  );
}
