import type { Schemas } from "@/shared/api/client";
import type { ObjectKind } from "@/shared/objects/kinds";
import type { Outcome, Verdict } from "@/shared/look/Verdict";
import type { Language } from "@/shared/words/words";

/** One place where two texts of an object differ; null where there is nothing on that side. */
export interface ReportDifference {
  path: string;
  before: string | null;
  after: string | null;
  lines: string[];
}

/** One object: what becomes or became of it, what is said about it, which findings concern it, what differs. */
export interface ReportRow {
  verdict: Verdict | Outcome;
  kind: ObjectKind;
  name: string;
  directory: string;
  notes: string[];
  findings: number[];
  differences: ReportDifference[];
}

/** What a report is about, as the command line wrote it into the page (``src/jobferry/cli/html_report.py``). */
export interface ReportData {
  about: "check" | "plan" | "receipt" | "diff";
  language: Language;
  title: string;
  workspace: string;
  source: string;
  by: string;
  at: number;
  digest: string;
  comment: string;
  refused: boolean;
  refusal: Partial<Record<Language, { message: string; hint: string }>>;
  same: number;
  counts: Partial<Record<Verdict | Outcome, number>>;
  rows: ReportRow[];
  findings: Schemas["FindingAnswer"][];
}

/** The data of this page. */
export function reportData(): ReportData {
  return JSON.parse(document.getElementById("report-data")?.textContent ?? "null") as ReportData;
}
