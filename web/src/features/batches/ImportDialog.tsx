import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { beginImport, type Asked } from "./api";
import { ImportForm } from "./ImportForm";
import { ImportResult } from "./ImportResult";

interface Props {
  close: () => void;
  /** Bytes that a package may have. */
  limit: number;
}

/** *Import batch task package*: the form, and then what comes of it; which import it is, is in the address. */
export function ImportDialog({ close, limit }: Props) {
  const { name: workspace } = useWorkspace();
  const [address, change] = useAddress();
  const [sent, setSent] = useState<Asked | null>(null);
  const again = useMutation({
    mutationFn: (all: Asked) => beginImport(workspace, all),
    onSuccess: ({ id }) => change({ import: id }),
  });
  const importId = address["import"];
  if (!importId) {
    const begun = (id: string, all: Asked): void => {
      setSent(all);
      change({ import: id });
    };
    return <ImportForm limit={limit} close={close} begun={begun} />;
  }
  return (
    <ImportResult
      key={importId}
      importId={importId}
      close={close}
      another={() => change({ import: "" })}
      again={sent ? { ask: () => again.mutate(sent), isAsking: again.isPending, failure: again.error } : null}
    />
  );
}
