import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Flex, Progress } from "antd";

import { Asked } from "@/shared/look/Asked";
import { Marked } from "@/shared/look/Marked";
import { packageAddress } from "@/shared/objects/packageAddress";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { readDownload, type Download } from "./api";
import { easydata, words } from "./words";

const EVERY_MS = 700;
const WHOLE = 100;

/** An export that was begun, until its package can be had. */
export function Begun({ id, close }: { id: string; close: () => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const query = useQuery({
    queryKey: ["downloads", workspace, "one", id],
    queryFn: () => readDownload(workspace, id),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === "RUNNING" ? EVERY_MS : false),
  });
  return (
    <Flex vertical gap="middle" aria-live="polite">
      <Asked query={query}>{(download) => <Told download={download} />}</Asked>
      <Flex gap="small" justify="end" wrap>
        <Link to="/w/$workspace/downloads" params={{ workspace }}>
          <Button tabIndex={-1}>{said.center}</Button>
        </Link>
        {query.data?.available && (
          <Button type="primary" icon={<DownloadOutlined aria-hidden />} href={packageAddress(workspace, id)} download>
            {said.download}
          </Button>
        )}
        <Button onClick={close}>{said.close}</Button>
      </Flex>
    </Flex>
  );
}

function Told({ download }: { download: Download }) {
  const said = useManualWords(words, easydata);
  if (download.status === "RUNNING") {
    return (
      <>
        {said.running}
        <Progress percent={WHOLE} status="active" showInfo={false} aria-label={said.running} />
      </>
    );
  }
  if (download.status === "SUCCESSFUL") return <Alert type="success" showIcon title={said.ready} description={[download.file_name, download.reason].filter(Boolean).join(" · ")} />;
  return <Alert type="error" showIcon title={said.failed} description={<Marked text={download.reason} />} />;
}
