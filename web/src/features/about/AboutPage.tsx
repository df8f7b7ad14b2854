import { useQuery } from "@tanstack/react-query";
import { Card, Descriptions, Skeleton, Typography } from "antd";

import { answer, api } from "@/shared/api/client";
import { Failure } from "@/shared/look/Failure";
import { useWords, type Words } from "@/shared/words/words";

const en = {
  title: "About this platform",
  name: "Name",
  id: "Platform id",
  project: "Project id",
  version: "Version",
};
const words: Words<typeof en> = {
  en,
  zh: { title: "关于本平台", name: "名称", id: "平台 ID", project: "项目 ID", version: "版本" },
};

/** Which platform this is. */
export function AboutPage() {
  const said = useWords(words);
  const asked = useQuery({ queryKey: ["platform"], queryFn: () => answer(api.GET("/api/platform")) });
  return (
    <Card title={<Typography.Title level={1}>{said.title}</Typography.Title>}>
      {asked.isPending && <Skeleton active />}
      {asked.isError && <Failure error={asked.error} again={() => void asked.refetch()} />}
      {asked.data && (
        <Descriptions
          column={1}
          items={[
            { key: "name", label: said.name, children: asked.data.name },
            { key: "id", label: said.id, children: <code>{asked.data.id}</code> },
            { key: "project", label: said.project, children: <code>{asked.data.project_id}</code> },
            { key: "version", label: said.version, children: asked.data.version },
          ]}
        />
      )}
    </Card>
  );
}
