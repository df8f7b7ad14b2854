import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { Button, Divider, Flex, Input, TreeSelect } from "antd";
import { useState } from "react";

import { Failure } from "@/shared/look/Failure";
import { height, space } from "@/shared/look/tokens";
import { useMay, useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { createDirectory, keys, readDirectories } from "./api";
import { words } from "./words";

const ROOT = "/";

interface Props {
  id?: string;
  value?: string;
  onChange?: (path: string) => void;
}

/** Where new tasks go: a directory that is there, or one made on the spot in the chosen one. */
export function DirectoryPicker({ id, value, onChange }: Props) {
  const said = useWords(words);
  const mayCreate = useMay("job-create");
  const [isOpen, setOpen] = useState(false);
  const { nodes, openLevel, failure } = useDirectories();
  const choose = (path: string): void => {
    onChange?.(path);
    setOpen(false);
  };
  return (
    <TreeSelect<string>
      {...(id ? { id } : {})}
      {...(value === undefined ? {} : { value })}
      open={isOpen}
      onOpenChange={setOpen}
      aria-label={said.directory}
      placeholder={said.directoryNone}
      treeDataSimpleMode
      treeData={[{ id: ROOT, pId: "", value: ROOT, title: said.root }, ...nodes]}
      treeNodeLabelProp="value"
      treeDefaultExpandedKeys={[ROOT]}
      listHeight={height.box}
      loadData={({ value: parent }) => {
        openLevel(String(parent));
        return Promise.resolve();
      }}
      onChange={choose}
      popupRender={(tree) => (
        <>
          {tree}
          {failure !== null && <Failure error={failure} />}
          {mayCreate && <NewDirectory parent={value ?? ROOT} done={choose} />}
        </>
      )}
    />
  );
}

/** The levels of the tree that were opened so far. */
function useDirectories() {
  const { name: workspace } = useWorkspace();
  const [levels, setLevels] = useState([ROOT]);
  const asked = useQueries({
    queries: levels.map((parent) => ({
      queryKey: [...keys.directories(workspace), parent],
      queryFn: () => readDirectories(workspace, parent),
    })),
  });
  const nodes = asked.flatMap(({ data }, index) =>
    (data?.items ?? []).map(({ path, directories }) => ({
      id: path,
      pId: levels[index] ?? ROOT,
      value: path,
      title: path.slice(path.lastIndexOf(ROOT) + 1),
      isLeaf: directories === 0,
    })),
  );
  const openLevel = (parent: string): void => setLevels((former) => (former.includes(parent) ? former : [...former, parent]));
  return { nodes, openLevel, failure: asked.find((one) => one.isError)?.error ?? null };
}

function NewDirectory({ parent, done }: { parent: string; done: (path: string) => void }) {
  const said = useWords(words);
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const making = useMutation({
    mutationFn: () => createDirectory(workspace, `${parent === ROOT ? "" : parent}/${name.trim()}`),
    onSuccess: async (path) => {
      await queries.invalidateQueries({ queryKey: keys.directories(workspace) });
      setName("");
      done(path);
    },
  });
  return (
    <>
      <Divider style={{ margin: `${space.small}px 0` }} />
      <Flex gap="small" style={{ padding: space.tight }} onKeyDown={(event) => event.stopPropagation()}>
        <Input
          aria-label={said.newDirectory}
          placeholder={said.newDirectoryIn(parent)}
          value={name}
          onChange={({ target }) => setName(target.value)}
          onPressEnter={() => name.trim() && making.mutate()}
        />
        <Button disabled={name.trim() === ""} loading={making.isPending} onClick={() => making.mutate()}>
          {said.create}
        </Button>
      </Flex>
      {making.isError && <Failure error={making.error} />}
    </>
  );
}
