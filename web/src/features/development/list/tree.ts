import type { TreeDataNode } from "antd";
import type { ReactNode } from "react";

import type { Schemas } from "@/shared/api/client";

import type { Directory } from "../api";

export const ROOT = "/";

/** The directories that are known, each with those directly in it; the root's own counts stand beside them. */
export interface Levels {
  root: Directory | undefined;
  below: ReadonlyMap<string, Directory[]>;
}

/** Levels as they were read. */
export function levelsOf(read: readonly Schemas["DirectoryList"][]): Levels {
  return {
    root: read.find(({ parent }) => parent.path === ROOT)?.parent,
    below: new Map(read.map(({ parent, items }) => [parent.path, items])),
  };
}

/** The directories on the way to one, the root first and it last. */
export function leadingTo(path: string): string[] {
  const names = path.split("/").filter(Boolean);
  return [ROOT, ...names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`)];
}

/** The tree of the levels that are known, from the root on; what was not asked for yet may still be opened. */
export function grown({ root, below }: Levels, title: (directory: Directory) => ReactNode): TreeDataNode[] {
  const node = (directory: Directory): TreeDataNode => {
    const inside = below.get(directory.path);
    const leaf = { key: directory.path, title: title(directory), isLeaf: directory.directories === 0 };
    return inside === undefined ? leaf : { ...leaf, children: inside.map(node) };
  };
  return root === undefined ? [] : [node(root)];
}

/** Of directories that lie in each other, the upper ones: what is below comes with them. */
export function topmost(paths: readonly string[]): string[] {
  const isBelow = (path: string, other: string): boolean => other !== path && (other === ROOT || path.startsWith(`${other}/`));
  return paths.filter((path) => !paths.some((other) => isBelow(path, other)));
}
