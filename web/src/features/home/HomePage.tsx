import { Card, Empty, Flex, Tag, Typography } from "antd";

import { space } from "@/shared/look/tokens";
import { useMe } from "@/shared/session/session";
import { useWords, type Words } from "@/shared/words/words";

const en = {
  title: (name: string) => `Hello, ${name}`,
  workspaces: "Your workspaces",
  none: "You are in no workspace yet. Ask its owner or an administrator to add you.",
};
const words: Words<typeof en> = {
  en,
  zh: {
    title: (name) => `您好，${name}`,
    workspaces: "您的工作空间",
    none: "您尚未加入任何工作空间，请联系工作空间的所有者或管理员。",
  },
};

/** What waits for the reader. */
export function HomePage() {
  const said = useWords(words);
  const me = useMe();
  return (
    <Flex vertical gap={space.large}>
      <Typography.Title level={1} style={{ margin: 0 }}>
        {said.title(me.name)}
      </Typography.Title>
      <Card title={said.workspaces}>
        {me.workspaces.length === 0 ? (
          <Empty description={said.none} />
        ) : (
          <Flex vertical gap="small">
            {me.workspaces.map((place) => (
              <Flex key={place.id} gap="small" align="center">
                <strong>{place.name}</strong>
                {place.roles.map((role) => (
                  <Tag key={role}>{role}</Tag>
                ))}
              </Flex>
            ))}
          </Flex>
        )}
      </Card>
    </Flex>
  );
}
