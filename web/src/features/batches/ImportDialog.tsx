import { useAddress } from "@/shared/url/address";

import { ImportForm } from "./ImportForm";
import { ImportResult } from "./ImportResult";

interface Props {
  close: () => void;
  /** Bytes that a package may have. */
  limit: number;
}

/** *Import batch task package*: the form, and then what comes of it; which import it is, is in the address. */
export function ImportDialog({ close, limit }: Props) {
  const [address, change] = useAddress();
  const importId = address["import"];
  if (importId) return <ImportResult key={importId} importId={importId} close={close} another={() => change({ import: "" })} />;
  return <ImportForm limit={limit} close={close} begun={(id) => change({ import: id })} />;
}
