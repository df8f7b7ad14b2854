import { useQuery } from "@tanstack/react-query";
import { AutoComplete } from "antd";
import { useState } from "react";

import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { suggestions } from "./suggestions";

/** The name of a thing; those that are here under a piece of it are offered, any other may be typed. */
export function NameField({ id, kind, value, change }: { id: string; kind: string; value: string; change: (value: string) => void }) {
  const { name: workspace } = useWorkspace();
  const kinds: Record<string, string> = useManualWords(kindWords, easydataKinds);
  const [isOpen, open] = useState(false);
  const query = useQuery({
    queryKey: ["suggestions", workspace, kind, value],
    queryFn: () => suggestions(workspace, kind, value),
    enabled: isOpen,
    placeholderData: (former) => former,
  });
  return (
    <AutoComplete
      id={id}
      style={{ width: "100%" }}
      value={value}
      placeholder={kinds[kind] ?? kind}
      options={(query.data ?? []).map((one) => ({ value: one }))}
      onOpenChange={open}
      onChange={(next: string) => change(next)}
    />
  );
}
