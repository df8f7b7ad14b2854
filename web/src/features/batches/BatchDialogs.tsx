import { lazy, Suspense } from "react";

import { fetched } from "@/shared/api/code";
import { usePlatformSettings } from "@/shared/session/settings";
import { useMay, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

const ExportDialog = lazy(() => fetched(import("./ExportDialog")).then(({ ExportDialog: dialog }) => ({ default: dialog })));
const ImportDialog = lazy(() => fetched(import("./ImportDialog")).then(({ ImportDialog: dialog }) => ({ default: dialog })));

/** EasyData's two dialogs, over whatever page is open; the address says which. */
export function BatchDialogs() {
  const [address, change] = useAddress();
  return address["batch"] ? <Asked which={address["batch"]} close={() => change({ batch: "", import: "" })} /> : null;
}

/** The dialog that is asked for, where profile, settings and rights have it. */
function Asked({ which, close }: { which: string; close: () => void }) {
  const { settings } = useWorkspace();
  const platform = usePlatformSettings();
  const mayExport = useMay("batch-export") && platform["batch_exports"] === "true";
  const mayImport = useMay("batch-import") && platform["batch_imports"] === "true";
  if (settings["profile"] !== "easydata") return null;
  return (
    <Suspense fallback={null}>
      {which === "export" && mayExport && <ExportDialog close={close} />}
      {which === "import" && mayImport && <ImportDialog close={close} limit={Number(platform["package_bytes"])} />}
    </Suspense>
  );
}
