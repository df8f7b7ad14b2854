import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useWorkspace } from "@/shared/session/workspace";

import { keys, type Import } from "../api";
import { readViewed, setViewed, type ObjectKey } from "./api";

/** The objects of a plan that the reader has looked through: kept on the platform until the plan does otherwise. */
export function useViewed(found: Import): { viewed: ReadonlySet<string>; total: number; toggle: (object: ObjectKey) => void } {
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const queryKey = [...keys.one(workspace, found.id), "viewed", found.plan_digest];
  const query = useQuery({ queryKey, queryFn: () => readViewed(workspace, found.id) });
  const marks = query.data ?? [];
  const viewed = new Set(marks.map(nameOf));
  const marking = useMutation({
    mutationFn: (object: ObjectKey) => setViewed(workspace, found.id, object, !viewed.has(nameOf(object))),
    onMutate: (object) => {
      const others = marks.filter((one) => nameOf(one) !== nameOf(object));
      queries.setQueryData(queryKey, viewed.has(nameOf(object)) ? others : [...marks, object]);
    },
    onError: () => queries.invalidateQueries({ queryKey }),
  });
  return { viewed, total: viewed.size, toggle: (object) => marking.mutate(object) };
}

/** An object in one word, as addresses and tables have it. */
export function nameOf({ kind, name }: ObjectKey): string {
  return `${kind}/${name}`;
}
