import { LoadingOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Flex, Modal } from "antd";
import { useEffect, useState } from "react";

import { Asked } from "@/shared/look/Asked";
import { Failure } from "@/shared/look/Failure";
import { Marked } from "@/shared/look/Marked";
import { space, width } from "@/shared/look/tokens";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { keys, readImport, readResult, type Import } from "./api";
import { DetectionDetails } from "./DetectionDetails";
import { Notes } from "./Notes";
import { Outcome } from "./Outcome";
import { words } from "./words";

const PAUSE_MS = 100;

interface Props {
  importId: string;
  close: () => void;
  another: () => void;
  /** Sends the same package once more, as long as this page has it. */
  again: { ask: () => void; isAsking: boolean; failure: Error | null } | null;
}

/** One batch import: that it runs, that it did not pass, or what it did and what is left to configure. */
export function ImportResult({ importId, close, another, again }: Props) {
  const said = useWords(words);
  const [isDetailed, showDetails] = useState(false);
  const query = useImport(importId);
  const receiptId = query.data?.receipt_id ?? "";
  const result = useQuery({ queryKey: keys.result(receiptId), queryFn: () => readResult(receiptId), enabled: receiptId !== "" });
  if (isDetailed && result.data) {
    return <DetectionDetails detection={result.data.detection} receiptId={receiptId} back={() => showDetails(false)} />;
  }
  const isOver = query.data !== undefined && !isRunning(query.data);
  const mayAgain = again !== null && isOver && result.data?.detection.passed === false;
  return (
    <Modal
      open
      title={said.importTitle}
      width={width.dialog}
      onCancel={close}
      mask={{ closable: false }}
      footer={[
        mayAgain && (
          <Button key="again" type="primary" loading={again.isAsking} onClick={again.ask}>
            {said.again}
          </Button>
        ),
        <Button key="another" type={mayAgain ? "default" : "primary"} disabled={!isOver} onClick={another}>
          {said.another}
        </Button>,
        <Button key="close" onClick={close}>
          {said.close}
        </Button>,
      ]}
    >
      <Flex vertical gap={space.medium}>
        <Notes notes={[said.importNote1, said.importNote2, said.importNote3, said.importNote4]} />
        {query.data && (
          <Descriptions
            size="small"
            column={1}
            items={[
              { key: "package", label: said.package, children: query.data.package_name },
              { key: "directory", label: said.directory, children: String(query.data.options["directory"]) },
            ]}
          />
        )}
        <Asked query={query}>
          {(found) => {
            if (isRunning(found)) return <Alert type="info" showIcon icon={<LoadingOutlined />} role="status" title={said.checking} />;
            if (receiptId === "") return <Alert type="error" showIcon role="alert" title={<Marked text={`${found.package_name}: ${found.message}`} />} description={found.hint && <Marked text={found.hint} />} />;
            return <Asked query={result}>{(came) => <Outcome result={came} seeDetails={() => showDetails(true)} />}</Asked>;
          }}
        </Asked>
        {again?.failure && <Failure error={again.failure} />}
      </Flex>
    </Modal>
  );
}

function isRunning({ state }: Import): boolean {
  return state === "checking" || state === "applying";
}

/** An import, asked for anew as long as it runs; at its end lists of tasks and imports are stale. */
function useImport(importId: string) {
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const key = keys.one(workspace, importId);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readImport(workspace, importId, queries.getQueryData<Import>(key)?.revision, signal),
    refetchInterval: ({ state }) => (state.data === undefined || isRunning(state.data) ? PAUSE_MS : false),
  });
  const hasEnded = query.data !== undefined && !isRunning(query.data);
  useEffect(() => {
    if (!hasEnded) return;
    void queries.invalidateQueries({ queryKey: ["objects", workspace] });
    void queries.invalidateQueries({ queryKey: ["imports", workspace] });
  }, [hasEnded, queries, workspace]);
  return query;
}
