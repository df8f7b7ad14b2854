const UNITS = ["B", "KiB", "MiB", "GiB"];
const STEP = 1024;

/** Bytes in the largest unit that fits. */
export function inUnits(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(STEP)), UNITS.length - 1);
  return `${Number((bytes / STEP ** power).toFixed(1))} ${UNITS[power] ?? ""}`;
}
