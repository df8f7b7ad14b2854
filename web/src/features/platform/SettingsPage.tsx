import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Flex } from "antd";

import { answer, api } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { PageTitle } from "@/shared/look/PageTitle";
import { useMe } from "@/shared/session/session";
import { PLATFORM_GROUPS } from "@/shared/settings/names";
import { Settings } from "@/shared/settings/Settings";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** The settings of the platform, for everybody to see and for operations to change. */
export function SettingsPage() {
  const said = useWords(words);
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["platform", "settings"], queryFn: () => answer(api.GET("/api/settings")) });
  const mayEdit = me.actions.includes("platform-setting-edit") && !me.read_only;
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.settings} />
      <Asked query={query}>
        {(settings) => (
          <Settings
            settings={settings}
            groups={PLATFORM_GROUPS}
            mayEdit={() => mayEdit}
            whose="--platform"
            send={(body) => api.PATCH("/api/settings", { body })}
            changed={() => void queries.invalidateQueries({ queryKey: ["platform"] })}
            shows={{ batch_exports: said.showsBatch, batch_imports: said.showsBatch, object_imports: said.showsStore, object_exports: said.showsStore }}
          />
        )}
      </Asked>
    </Flex>
  );
}
