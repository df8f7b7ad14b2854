import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Flex } from "antd";

import type { Schemas } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import { keys, type Import, type Options } from "../api";
import { changeOptions } from "../plan/api";
import { easydata, words } from "./words";

/** The answers that were saved for this source: whether they were used, and a way to check with or without them. */
export function RouteOffer({ found, route }: { found: Import; route: Schemas["RouteOffer"] }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const { name: workspace } = useWorkspace();
  const queries = useQueryClient();
  const options = found.options as Options;
  const other: Options = route.used ? { ...options, mapping: {}, hold: {}, rules: [], route: "off" } : { ...options, route: "required" };
  const checking = useMutation({
    mutationFn: () => changeOptions(workspace, found.id, other),
    onSuccess: (made) => queries.setQueryData(keys.one(workspace, found.id), made),
  });
  return (
    <Alert
      type="info"
      showIcon
      title={route.used ? said.route(route.name, route.answered) : said.routeThere(route.name)}
      description={
        <Flex vertical gap="small" align="start">
          {said.routeBy(route.saved_by, time(route.saved_at))}
          {checking.isError && <Failure error={checking.error} />}
          <Button loading={checking.isPending} onClick={() => checking.mutate()}>
            {route.used ? said.withoutRoute : said.withRoute}
          </Button>
        </Flex>
      }
    />
  );
}
