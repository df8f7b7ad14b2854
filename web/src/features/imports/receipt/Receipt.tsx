import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Flex, Typography } from "antd";

import { Asked } from "@/shared/look/Asked";
import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useTop } from "@/shared/look/useTop";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useTimes } from "@/shared/words/times";

import { Findings } from "../Findings";
import { readFindings, readReceipt, type ReceiptHead } from "./api";
import { Lines } from "./Lines";
import { Undo } from "./Undo";
import { easydata, words } from "./words";

/** As many digits of a platform's id as people compare. */
const SHORT = 8;

/** What came of an import: numbers, objects, findings, and the way back. */
export function Receipt({ receiptId, isPage = false }: { receiptId: string; isPage?: boolean }) {
  const query = useQuery({ queryKey: ["receipt", receiptId], queryFn: () => readReceipt(receiptId) });
  return <Asked query={query}>{(receipt) => <Shown receipt={receipt} isPage={isPage} />}</Asked>;
}

function Shown({ receipt, isPage }: { receipt: ReceiptHead; isPage: boolean }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  useTop(address["undo"] ?? "");
  if (address["undo"]) return <Undo receipt={receipt} isPage={isPage} />;
  const title = receipt.kind === "undo" ? said.undoTitle : said.title;
  return (
    <Flex vertical gap={space.medium}>
      {isPage && <PageTitle text={title(receipt.package_name)} />}
      <Typography.Text type="secondary" className="beside">
        {said.by(receipt.imported_by, time(receipt.imported_at))} <Source of={receipt} />
      </Typography.Text>
      {receipt.comment && <Typography.Paragraph style={{ margin: 0 }}>{receipt.comment}</Typography.Paragraph>}
      <Related receipt={receipt} />
      <Acts receipt={receipt} />
      <Lines receipt={receipt} />
      <Findings
        asked={["receipt", receipt.id, "findings"]}
        read={(page) => readFindings(receipt.id, page)}
        counts={receipt.findings}
      />
      <Command text={`jobferry receipt show ${receipt.id} -w ${quoted(workspace)}`} />
    </Flex>
  );
}

/** Where the package comes from: by the name of its platform, which receipts of before names were kept lack. */
function Source({ of: receipt }: { of: ReceiptHead }) {
  const said = useManualWords(words, easydata);
  const { source_platform: id, source_name: name, source_workspace: workspace } = receipt;
  if (!id) return null;
  if (id === receipt.platform_id) return said.fromHere(workspace);
  return name ? said.from(name, workspace) : said.fromId(id.slice(0, SHORT), workspace);
}

/** What else there is about the same import. */
function Related({ receipt }: { receipt: ReceiptHead }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const other = receipt.undone_by ?? receipt.undoes;
  return (
    <>
      {receipt.review && <Alert type="info" showIcon title={said.review} />}
      {other && (
        <Alert
          type="info"
          showIcon
          title={receipt.undone_by ? said.undone : said.undoes}
          action={
            <Link to="/w/$workspace/receipts/$receiptId" params={{ workspace, receiptId: other }}>
              {receipt.undone_by ? said.seeUndo : said.seeImport}
            </Link>
          }
        />
      )}
    </>
  );
}

function Acts({ receipt }: { receipt: ReceiptHead }) {
  const said = useManualWords(words, easydata);
  const [, change] = useAddress();
  const mayUndo = useMay("import") && receipt.kind === "import" && receipt.undone_by === null;
  return (
    <Flex gap="small" wrap>
      {mayUndo && <Button onClick={() => change({ undo: "plan", page: "", outcome: "", name: "" })}>{said.undo}</Button>}
      <Button href={`/api/receipts/${receipt.id}/file`} download={`${receipt.id}.json`}>
        {said.file}
      </Button>
    </Flex>
  );
}
