import { useQuery } from "@tanstack/react-query";
import { Card, Descriptions, Flex } from "antd";

import { answer, api } from "@/shared/api/client";
import { Asked } from "@/shared/look/Asked";
import { PageTitle } from "@/shared/look/PageTitle";
import { inUnits } from "@/shared/words/sizes";
import { useWords } from "@/shared/words/words";

import { Parts, readParts } from "./Parts";
import { words } from "./words";

/** Which platform this is, what it runs on, and what it is made of. */
export function AboutPage() {
  const said = useWords(words);
  const query = useQuery({ queryKey: ["platform"], queryFn: () => answer(api.GET("/api/platform")) });
  const parts = useQuery({ queryKey: ["platform", "parts"], queryFn: readParts, staleTime: Infinity });
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.about} />
      <Asked query={query}>
        {({ name, id, project_id, version, limits }) => (
          <Card size="small">
            <Descriptions
              column={1}
              size="small"
              items={[
                { key: "name", label: said.name, children: name },
                { key: "version", label: said.version, children: version },
                { key: "database", label: said.database, children: parts.data?.database },
                { key: "id", label: said.id, children: <code className="beside">{id}</code> },
                { key: "project", label: said.project, children: <code className="beside">{project_id}</code> },
                { key: "limits", label: said.limits, children: said.limitOf(inUnits(limits["package_bytes"] ?? 0), inUnits(limits["unpacked_bytes"] ?? 0)) },
                { key: "licence", label: said.licence, children: "Apache-2.0" },
              ]}
            />
          </Card>
        )}
      </Asked>
      <Parts query={parts} />
    </Flex>
  );
}
