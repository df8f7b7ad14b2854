import { Link } from "@tanstack/react-router";
import { Alert, Flex, Typography } from "antd";

import { Marked } from "@/shared/look/Marked";
import { OUTCOMES, VerdictTag } from "@/shared/look/Verdict";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import type { Result } from "./api";
import { words } from "./words";

/** What came of a batch import, and what the package did not bring along. */
export function Outcome({ result, seeDetails }: { result: Result; seeDetails: () => void }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const { receipt, detection, remains } = result;
  if (!detection.passed) {
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title={
          <>
            {said.notPassed} <Typography.Link onClick={seeDetails}>{said.seeDetails}</Typography.Link>
          </>
        }
      />
    );
  }
  return (
    <Flex vertical gap="middle">
      <Alert
        type="success"
        showIcon
        role="status"
        title={receipt.review?.state === "pending" ? said.underReview : said.done}
        description={
          <Flex gap="middle" wrap>
            {OUTCOMES.map((outcome) => (receipt.counts[outcome] ? <VerdictTag key={outcome} of={outcome} count={receipt.counts[outcome]} /> : null))}
            <Link to="/w/$workspace/receipts/$receiptId" params={{ workspace, receiptId: receipt.id }}>
              {said.toReceipt}
            </Link>
          </Flex>
        }
      />
      {remains.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={said.remains}
          description={
            <ul className="notes">
              {remains.map((finding) => (
                <li key={finding.number} className="beside">
                  <Marked text={finding.message} />
                </li>
              ))}
            </ul>
          }
        />
      )}
    </Flex>
  );
}
