/** Which page of the documentation helps at which addresses; the first that fits. */
const HELP: readonly [RegExp, string][] = [
  [/^\/w\/[^/]+\/(imports|receipts)/, "howto/trusted-imports"],
  [/^\/w\/[^/]+\/asset-backups/, "howto/back-up-assets"],
  [/^\/w\/[^/]+\/downloads/, "howto/carry-jobs"],
  [/^\/w\/[^/]+\/changes/, "howto/changes"],
  [/^\/w\/[^/]+\/(reviews|releases)/, "howto/review-and-release"],
  [/^\/w\/[^/]+\/connections/, "howto/other-kinds"],
  [/^\/w\/[^/]+\/variables/, "howto/other-kinds"],
  [/^\/w\/[^/]+\/inventory/, "howto/inventory"],
  [/^\/w\/[^/]+\/configuration\/tags/, "howto/edit-together"],
  [/^\/w\/[^/]+\/configuration\/(members|policies)/, "reference/roles"],
  [/^\/w\/[^/]+\/configuration\/audit/, "reference/audit"],
  [/^\/w\/[^/]+\/configuration/, "reference/settings"],
  [/^\/w\/[^/]+\/(jobs|scripts|resources|cdms|new)/, "howto/make-a-job"],
  [/^\/platform\/workspaces/, "howto/create-a-workspace"],
  [/^\/platform\/(users|access)/, "howto/people"],
  [/^\/platform\/settings/, "reference/settings"],
  [/^\/platform\/audit/, "reference/audit"],
  [/^\//, "howto/console"],
];

/** The page that helps at an address. */
export function helpFor(path: string): string {
  return HELP.find(([fits]) => fits.test(path))?.[1] ?? "";
}
