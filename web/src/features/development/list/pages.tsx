import { ObjectsPage } from "./ObjectsPage";

/** The lists of the four kinds, each with an address of its own. */
export function JobsPage() {
  return <ObjectsPage kind="job" />;
}

export function ScriptsPage() {
  return <ObjectsPage kind="script" />;
}

export function ResourcesPage() {
  return <ObjectsPage kind="resource" />;
}

export function CdmsPage() {
  return <ObjectsPage kind="cdm" />;
}
