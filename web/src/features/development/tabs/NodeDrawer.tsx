import { Descriptions, Drawer, Flex, Tag, Typography } from "antd";

import { width } from "@/shared/look/tokens";
import { ObjectLink } from "@/shared/objects/ObjectLink";
import { useManualWords } from "@/shared/session/workspace";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import type { Outline } from "../api";
import { easydata as policyEasyData, words as policyWords } from "../failPolicies";
import type { NodeDetails } from "./nodes";
import { easydata, words } from "./words";

type Node = Outline["nodes"][number];

interface Props {
  node: Node;
  details: NodeDetails | undefined;
  all: readonly Node[];
  choose: (name: string) => void;
  close: () => void;
}

/** What one node is, where it stands in the run, what it uses, and its properties. */
export function NodeDrawer({ node, details, all, choose, close }: Props) {
  const said = useManualWords(words, easydata);
  const before = all.filter(({ after }) => after.includes(node.name)).map(({ name }) => name);
  return (
    <Drawer open mask={false} title={<span className="beside">{node.name}</span>} size={width.form} onClose={close}>
      <Flex vertical gap="middle">
        <Tag style={{ alignSelf: "start" }}>{node.type}</Tag>
        {node.schedule && <Typography.Text>{`${said.trigger}: ${node.schedule.words}`}</Typography.Text>}
        <Near title={said.after} names={node.after} choose={choose} />
        <Near title={said.before} names={before} choose={choose} />
        <Uses uses={node.uses} />
        {details && <Details details={details} />}
      </Flex>
    </Drawer>
  );
}

function Near({ title, names, choose }: { title: string; names: readonly string[]; choose: (name: string) => void }) {
  if (names.length === 0) return null;
  return (
    <Flex vertical>
      <Typography.Text type="secondary">{title}</Typography.Text>
      {names.map((name) => (
        <button key={name} type="button" className="plain beside" onClick={() => choose(name)}>
          <Typography.Link component="span">{name}</Typography.Link>
        </button>
      ))}
    </Flex>
  );
}

function Uses({ uses }: { uses: Node["uses"] }) {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  if (uses.length === 0) return null;
  return (
    <Flex vertical>
      <Typography.Text type="secondary">{said.uses}</Typography.Text>
      {uses.map(({ kind, name, workspace }) => (
        <Flex key={`${kind}/${workspace}/${name}`} gap="small" align="baseline">
          <Typography.Text>{kinds[kind]}</Typography.Text>
          <ObjectLink kind={kind} name={name} workspace={workspace} />
        </Flex>
      ))}
    </Flex>
  );
}

function Details({ details }: { details: NodeDetails }) {
  const said = useManualWords(words, easydata);
  const policies: Record<string, string> = useManualWords(policyWords, policyEasyData);
  const { retryTimes, maxExecutionTime, failPolicy } = details.settings;
  const items = [
    ...details.properties.map(({ name, value, isSensitive }, index) => ({
      key: `${index}`,
      label: <span className="beside">{name}</span>,
      children: isSensitive && value ? <Typography.Text type="secondary">{said.hidden}</Typography.Text> : <span className="beside lines">{value || said.none}</span>,
    })),
    ...(retryTimes ? [{ key: "retry", label: said.retry, children: retryTimes }] : []),
    ...(maxExecutionTime ? [{ key: "runs", label: said.runs, children: said.minutes(maxExecutionTime) }] : []),
    ...(failPolicy ? [{ key: "fail", label: said.fail, children: policies[failPolicy] ?? failPolicy }] : []),
    ...details.conditions.map((text, index) => ({ key: `condition ${index}`, label: said.condition, children: <code className="beside">{text}</code> })),
  ];
  return <Descriptions bordered size="small" column={1} title={said.properties} items={items} styles={{ label: { width: "45%" } }} />;
}
