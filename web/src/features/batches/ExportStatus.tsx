import type { UseMutationResult } from "@tanstack/react-query";
import { Alert, Typography } from "antd";

import { Failure } from "@/shared/look/Failure";
import { useWords } from "@/shared/words/words";

import type { Generation, Matched } from "./api";
import { stamped } from "./stamp";
import { words } from "./words";

interface Props {
  found: Generation;
  /** The generation that was begun or seen running in this dialog. */
  begun: string;
  matching: UseMutationResult<Matched, Error, void>;
  seeDetails: () => void;
}

/** The status line: how the names matched, how far the package is, or when the last one was generated. */
export function ExportStatus({ found, begun, matching, seeDetails }: Props) {
  const said = useWords(words);
  if (matching.isError) return <Failure error={matching.error} />;
  if (matching.data && matching.data.failed.length > 0) {
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title={
          <>
            {said.matched(matching.data.matched, matching.data.failed.length)}
            <Typography.Link onClick={seeDetails}>{said.seeDetails}</Typography.Link>
          </>
        }
      />
    );
  }
  const { newest, last } = found;
  if (newest?.status === "RUNNING") return <Alert type="info" showIcon role="status" title={said.generating} />;
  if (newest?.status === "FAILED") return <Alert type="error" showIcon role="alert" title={said.failedLast} description={newest.reason} />;
  if (last === null) return null;
  if (last.id === begun) return <Alert type="success" showIcon role="status" title={said.generated} />;
  return <Alert type="success" showIcon role="status" title={said.last(stamped(last.ended_at))} />;
}
