import { useQueries } from "@tanstack/react-query";
import { Tree, Typography } from "antd";
import { useState } from "react";

import { Failure } from "@/shared/look/Failure";
import { height } from "@/shared/look/tokens";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { levelQuery, type Directory } from "../api";
import { usePicked } from "./picked";
import { grown, leadingTo, levelsOf, ROOT, topmost } from "./tree";
import { words } from "./words";

interface Props {
  kind: ObjectKind;
  onChosen?: () => void;
}

/** Directories, a level at a time, each with how many objects lie in it and below. Which one is open is in the address. */
export function DirectoryTree({ kind, onChosen }: Props) {
  const said = useWords(words);
  const [address, change] = useAddress();
  const picked = usePicked();
  const chosen = address["directory"] ?? ROOT;
  const [open, setOpen] = useState<string[]>(() => leadingTo(chosen));
  const { levels, failed } = useLevels(kind, open);
  if (failed) return <Failure error={failed.error} again={() => void failed.refetch()} />;
  return (
    <Tree
      blockNode
      checkable={picked.isOn}
      checkedKeys={picked.directories}
      onCheck={(checked) => picked.pickDirectories(topmost(Array.isArray(checked) ? checked.map(String) : []))}
      treeData={grown(levels, (directory) => titleOf(directory, said.everything))}
      defaultExpandParent={false}
      expandedKeys={open}
      onExpand={(paths) => setOpen(paths.map(String))}
      selectedKeys={[chosen]}
      onSelect={(_, { node }) => {
        const path = String(node.key);
        change({ directory: path === ROOT ? "" : path, page: "" });
        onChosen?.();
      }}
      height={height.tree}
      virtual
    />
  );
}

function titleOf({ path, objects_below }: Directory, everything: string) {
  return (
    <span className="directory">
      <span className="beside">{path === ROOT ? everything : path.slice(path.lastIndexOf("/") + 1)}</span>{" "}
      <Typography.Text type="secondary">{objects_below.toLocaleString()}</Typography.Text>
    </span>
  );
}

/** The levels of directories that are open. */
function useLevels(kind: ObjectKind, open: readonly string[]) {
  const { name: workspace } = useWorkspace();
  return useQueries({
    queries: open.map((path) => levelQuery(workspace, kind, path)),
    combine: (asked) => ({
      levels: levelsOf(asked.flatMap((one) => one.data ?? [])),
      failed: asked.find((one) => one.isError),
    }),
  });
}
