import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Modal } from "antd";
import { useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { width } from "@/shared/look/tokens";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { generate, keys, lastPackage, readGeneration, type Generation } from "./api";
import { ExportForm } from "./ExportForm";
import { ExportStatus } from "./ExportStatus";
import { charactersIn, namesIn } from "./names";
import { Unmatched } from "./Unmatched";
import { words } from "./words";

const EVERY_MS = 1_000;

/** *Batch export tasks*: names of online tasks become a package, which is exported once it is generated. */
export function ExportDialog({ close }: { close: () => void }) {
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: keys.generation(workspace),
    queryFn: () => readGeneration(workspace),
    refetchInterval: ({ state }) => (state.data?.newest?.status === "RUNNING" ? EVERY_MS : false),
  });
  return query.data ? (
    <Filled found={query.data} close={close} />
  ) : (
    <Modal open footer={null} onCancel={close} width={width.dialog}>
      <Asked query={query}>{() => null}</Asked>
    </Modal>
  );
}

function Filled({ found, close }: { found: Generation; close: () => void }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [names, setNames] = useState(found.names.join("\n"));
  const [begun, setBegun] = useState(found.newest?.status === "RUNNING" ? found.newest.id : "");
  const [isDetailed, showDetails] = useState(false);
  const generating = useMutation({
    mutationFn: () => generate(workspace, names),
    onSuccess: async ({ task_id }) => {
      setBegun(task_id ?? "");
      await queries.invalidateQueries({ queryKey: keys.generation(workspace) });
    },
  });
  const failed = generating.data?.failed ?? [];
  if (isDetailed) return <Unmatched names={failed} back={() => showDetails(false)} />;
  const isRunning = generating.isPending || found.newest?.status === "RUNNING";
  const count = namesIn(names).length;
  const isFit = count > 0 && count <= found.most_names && charactersIn(names) <= found.most_characters;
  return (
    <Modal
      open
      title={said.exportTitle}
      width={width.dialog}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        <Flex gap="small" wrap justify="end">
          <Button type="primary" disabled={!isFit} loading={isRunning} onClick={() => generating.mutate()}>
            {said.generate}
          </Button>
          {found.last ? (
            <Button href={lastPackage(workspace)} download>
              {said.export}
            </Button>
          ) : (
            <Button disabled>{said.export}</Button>
          )}
          <Button onClick={close}>{said.close}</Button>
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        <ExportForm found={found} names={names} change={setNames} />
        <ExportStatus found={found} begun={begun} matching={generating} seeDetails={() => showDetails(true)} />
        <Command text={`jobferry batch-package create --names names.txt -w ${quoted(workspace)}`} />
      </Flex>
    </Modal>
  );
}
