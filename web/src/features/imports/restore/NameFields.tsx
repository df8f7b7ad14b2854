import { Button, Col, Flex, Form, Input, Row, Typography } from "antd";

import { LongName } from "@/shared/look/LongName";
import { space } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";

import { KINDS, type Kind, type Names } from "./names";
import { easydata, words } from "./words";

interface Props {
  names: Names;
  rename: (names: Names) => void;
}

/** The names that a backup lets people change, each beside what it is to be called here. */
export function NameFields({ names, rename }: Props) {
  const said = useManualWords(words, easydata);
  const shown = KINDS.filter((kind) => Object.keys(names[kind]).length > 0);
  const set = (kind: Kind, former: string, name: string): void => rename({ ...names, [kind]: { ...names[kind], [former]: name } });
  return (
    <Form.Item label={said.names}>
      <Flex vertical gap={space.medium}>
        <Typography.Text type="secondary">{shown.length > 0 ? said.namesText : said.noNames}</Typography.Text>
        {shown.map((kind) => (
          <Flex key={kind} vertical gap="small" role="group" aria-label={said[kind]}>
            <Typography.Text strong>{said[kind]}</Typography.Text>
            {Object.entries(names[kind]).map(([former, name]) => (
              <OneName key={former} former={former} name={name} rename={(to) => set(kind, former, to)} />
            ))}
          </Flex>
        ))}
      </Flex>
    </Form.Item>
  );
}

function OneName({ former, name, rename }: { former: string; name: string; rename: (name: string) => void }) {
  const said = useManualWords(words, easydata);
  const isEmpty = name.trim() === "";
  return (
    <Row gutter={[space.medium, space.tight]} align="middle">
      <Col xs={24} sm={10}>
        <LongName name={former} />
      </Col>
      <Col xs={24} sm={14}>
        <Flex gap="small">
          <Input
            aria-label={said.here(former)}
            aria-invalid={isEmpty}
            placeholder={said.empty}
            status={isEmpty ? "error" : ""}
            value={name}
            onChange={({ target }) => rename(target.value)}
          />
          {name !== former && <Button onClick={() => rename(former)}>{said.asBefore}</Button>}
        </Flex>
      </Col>
    </Row>
  );
}
