import { Link } from "@tanstack/react-router";
import { Alert, Button, Card, Descriptions, Flex, Grid } from "antd";

import { space } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useTimes } from "@/shared/words/times";

import type { State } from "./api";
import { folderOf, type Lack } from "./lacks";
import { easydata, words } from "./words";

/** How daily backups are set, where that is changed, and what is missing. */
export function How({ state, lacks }: { state: State; lacks: readonly Lack[] }) {
  const said = useManualWords(words, easydata);
  const { name: workspace, settings } = useWorkspace();
  const time = useTimes();
  const isWide = Grid.useBreakpoint().md !== false;
  const days = Number(settings["asset_backup_days"] ?? 0);
  const folder = folderOf(settings).replace(/\/$/, "");
  const facts = [
    { key: "daily", label: said.daily, children: state.is_on ? said.on : said.off },
    { key: "zone", label: said.zone, children: settings["time_zone"] },
    { key: "next", label: said.next, children: state.is_on ? time(state.next_at) : "–" },
    { key: "folder", label: said.folder, children: folder ? <span className="beside">{`${folder}/${workspace}`}</span> : said.unset },
    { key: "kept", label: said.kept, children: days > 0 ? said.days(String(days)) : said.forever },
    { key: "good", label: said.lastGood, children: state.last_good ? time(state.last_good.ended_at) : said.never },
  ];
  return (
    <Flex vertical gap={space.medium}>
      {lacks.map((lack) => (
        <Lacking key={lack} lack={lack} />
      ))}
      <Card size="small" title={said.how} extra={isWide && <ToSettings />}>
        <Flex vertical gap="small" align="start">
          <Descriptions size="small" column={{ xs: 1, md: 2, xl: 3 }} items={facts} />
          {!isWide && <ToSettings />}
        </Flex>
      </Card>
    </Flex>
  );
}

function ToSettings() {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  return (
    <Link to="/w/$workspace/configuration/defaults" params={{ workspace }} search={{ search: "asset_backup" }}>
      <Button tabIndex={-1} size="small">
        {said.set}
      </Button>
    </Link>
  );
}

function Lacking({ lack }: { lack: Lack }) {
  const said = useManualWords(words, easydata);
  const told = {
    path: [said.lacksPath, said.lacksPathText],
    exports: [said.lacksExports, said.lacksExportsText],
    imports: [said.lacksImports, said.lacksImportsText],
  }[lack];
  return <Alert type="warning" showIcon title={told[0]} description={told[1]} />;
}
