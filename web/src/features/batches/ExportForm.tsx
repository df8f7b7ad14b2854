import { Descriptions, Flex, Form, Input, Typography } from "antd";

import { space } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import type { Generation } from "./api";
import { charactersIn, namesIn } from "./names";
import { Notes } from "./Notes";
import { words } from "./words";

const ROWS = 6;

interface Props {
  found: Generation;
  names: string;
  change: (names: string) => void;
}

/** What is exported: range and content are fixed, the names are typed. */
export function ExportForm({ found, names, change }: Props) {
  const said = useWords(words);
  const used = charactersIn(names);
  const count = namesIn(names).length;
  const isTooLong = used > found.most_characters;
  const isTooMany = count > found.most_names;
  return (
    <Flex vertical gap={space.medium}>
      <Notes notes={[said.exportNote1, said.exportNote2, said.exportNote3]} />
      <Descriptions
        size="small"
        column={{ xs: 1, sm: 2 }}
        items={[
          { key: "range", label: said.range, children: said.rangeFixed },
          { key: "content", label: said.content, children: said.contentFixed },
        ]}
      />
      <Form layout="vertical">
        <Form.Item
          label={said.names}
          htmlFor="batch-names"
          required
          validateStatus={isTooLong || isTooMany ? "error" : ""}
          extra={
            <Flex justify="space-between" gap="small">
              <Typography.Text type={isTooMany ? "danger" : "secondary"}>{said.namesText(count, found.most_names)}</Typography.Text>
              <Typography.Text type={isTooLong ? "danger" : "secondary"} style={{ whiteSpace: "nowrap" }}>{said.counted(used, found.most_characters)}</Typography.Text>
            </Flex>
          }
        >
          <Input.TextArea id="batch-names" autoFocus rows={ROWS} value={names} onChange={({ target }) => change(target.value)} />
        </Form.Item>
      </Form>
    </Flex>
  );
}
