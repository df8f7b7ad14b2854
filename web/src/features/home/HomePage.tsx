import { Card, Empty, Flex, Typography } from "antd";

import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { words } from "./words";
import { WorkspaceCard } from "./WorkspaceCard";

/** What waits for the reader, workspace by workspace. */
export function HomePage() {
  const said = useWords(words);
  const me = useMe();
  return (
    <Flex vertical gap={space.large}>
      <PageTitle text={said.title(me.name)} />
      {me.workspaces.map((place) => (
        <WorkspaceCard key={place.id} place={place} />
      ))}
      {me.workspaces.length === 0 && (
        <Card>
          <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>{said.noneText}</Empty>
        </Card>
      )}
    </Flex>
  );
}
