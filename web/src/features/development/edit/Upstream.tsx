import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";
import { useState } from "react";

import { useManualWords, useWorkspace } from "@/shared/session/workspace";

import { namesAt, withUpstream } from "./document";
import { suggestions } from "./nodes/suggestions";
import { easydata, words } from "./words";

/** The jobs that a job waits for; those that are here are offered, others may be typed. */
export function Upstream({ text, change }: { text: string; change: (text: string) => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [typed, setTyped] = useState("");
  const [isOpen, open] = useState(false);
  const { data = [] } = useQuery({
    queryKey: ["suggestions", workspace, "job", typed],
    queryFn: () => suggestions(workspace, "job", typed),
    enabled: isOpen,
    placeholderData: (former) => former,
  });
  const names = namesAt(text);
  if (names === null) return null;
  return (
    <Form.Item label={said.waitsFor} htmlFor="field-upstream">
      <Select
        id="field-upstream"
        mode="tags"
        showSearch={{ filterOption: false, onSearch: setTyped }}
        aria-label={said.waitsFor}
        value={names}
        options={data.map((value) => ({ value, label: value }))}
        onOpenChange={open}
        onChange={(next: string[]) => change(withUpstream(text, next))}
      />
    </Form.Item>
  );
}
