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
  const viewed = new Set((query.data ?? []).map(nameOf));
  const mutationKey = ["viewed", found.id];
  const marking = useMutation({
    mutationKey,
    scope: { id: `viewed ${found.id}` },
    mutationFn: ({ isViewed, ...object }: Mark) => setViewed(workspace, found.id, object, isViewed),
    onMutate: async ({ isViewed, ...object }) => {
      // a list that is still on its way was made before this mark
      await queries.cancelQueries({ queryKey });
      queries.setQueryData<ObjectKey[]>(queryKey, (marks = []) => {
        const others = marks.filter((one) => nameOf(one) !== nameOf(object));
        return isViewed ? [...others, object] : others;
      });
    },
    // of several marks in a row, the last one to be kept asks for the list
    onSettled: () => (queries.isMutating({ mutationKey }) === 1 ? queries.invalidateQueries({ queryKey }) : undefined),
  });
  const toggle = ({ kind, name }: ObjectKey) => marking.mutate({ kind, name, isViewed: !viewed.has(nameOf({ kind, name })) });
  return { viewed, total: viewed.size, toggle };
}

type Mark = ObjectKey & { isViewed: boolean };

/** An object in one word, as addresses and tables have it. */
export function nameOf({ kind, name }: ObjectKey): string {
  return `${kind}/${name}`;
}
