import { quoted } from "@/shared/look/Command";

import type { Approval } from "../api";

/** How a command says who is asked and what they are told. */
export function approvalOptions({ note, approvers, publish }: Approval): string[] {
  return [
    ...(note ? [`--note ${quoted(note)}`] : []),
    ...(approvers ?? []).map((approver) => `--approver ${quoted(approver)}`),
    ...(publish ? ["--publish"] : []),
  ];
}
