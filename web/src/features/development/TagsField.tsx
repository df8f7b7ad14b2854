import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

import { useWorkspace } from "@/shared/session/workspace";

import { keys, readTags } from "./api";

interface Props {
  label: string;
  value: string[];
  change: (tags: string[]) => void;
}

/** Tags of the workspace, or new ones that are typed; those that are locked cannot be chosen. */
export function TagsField({ label, value, change }: Props) {
  const { name: workspace } = useWorkspace();
  const { data } = useQuery({ queryKey: keys.tags(workspace), queryFn: () => readTags(workspace) });
  const [isOpen, setOpen] = useState(false);
  const options = (data?.items ?? []).map(({ name, locked }) => ({ value: name, disabled: locked }));
  const take = (tags: string[]): void => {
    setOpen(false); // the list would lie over the button that saves
    change(tags);
  };
  return (
    <Select
      mode="tags"
      autoFocus
      open={isOpen}
      onOpenChange={setOpen}
      aria-label={label}
      value={value}
      options={options}
      onChange={take}
      style={{ width: "100%" }}
    />
  );
}
