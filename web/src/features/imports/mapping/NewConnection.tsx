import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";

import { ConnectionDialog } from "@/shared/connections/ConnectionDialog";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";

import { easydata, words } from "./words";

/** Makes the connection that is missing, without leaving the mapping; what it is called stands for the missing one. */
export function NewConnection({ name, done }: { name: string; done: (name: string) => void }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  if (!useMay("library-edit")) return null;
  return (
    <>
      <Button icon={<PlusOutlined aria-hidden />} aria-label={said.createIt(name)} onClick={() => setOpen(true)}>
        {said.createHere}
      </Button>
      {isOpen && (
        <ConnectionDialog
          name={name}
          close={close}
          done={(made) => {
            void queries.invalidateQueries({ queryKey: ["things", workspace] });
            done(made.name);
            close();
          }}
        />
      )}
    </>
  );
}
