import { CopyOutlined, DownloadOutlined } from "@ant-design/icons";
import { Button, Flex, Typography } from "antd";

import { CodeText } from "@/shared/code/Code";
import { copy } from "@/shared/look/copy";
import type { ObjectKind } from "@/shared/objects/kinds";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

const ENDINGS: Record<ObjectKind, string> = { job: "job", script: "script", resource: "resource", cdm: "json" };

/** A document exactly as it is stored, to be read, copied or saved as a file. */
export function Source({ name, kind, text }: { name: string; kind: ObjectKind; text: string }) {
  const said = useWords(words);
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" wrap>
        <Typography.Text type="secondary">{said.source}</Typography.Text>
        <Button size="small" icon={<CopyOutlined aria-hidden />} onClick={() => void copy(text)}>
          {said.copy}
        </Button>
        <Button size="small" icon={<DownloadOutlined aria-hidden />} onClick={() => save(`${name.replaceAll("/", "_")}.${ENDINGS[kind]}`, text)}>
          {said.download}
        </Button>
      </Flex>
      <CodeText text={text} language="json" label={said.source} />
    </Flex>
  );
}

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
