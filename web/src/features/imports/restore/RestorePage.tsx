import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button, Card, Descriptions, Flex, Typography } from "antd";

import { Asked } from "@/shared/look/Asked";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { inUnits } from "@/shared/words/sizes";
import { useTimes } from "@/shared/words/times";

import { ImportSteps } from "../ImportSteps";
import { RunningImport } from "../RunningImport";
import { readBackup, type Backup } from "./api";
import { partsOf } from "./names";
import { RestoreForm } from "./RestoreForm";
import { VariablesCard } from "./VariablesCard";
import { easydata, words } from "./words";

/** The first step of an import whose package is an asset backup: which names change, and how it comes in. */
export function RestorePage() {
  const said = useManualWords(words, easydata);
  const { name } = useParams({ from: "/signed-in/w/$workspace/asset-backups/$name" });
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const from = address["from"] ?? "";
  const query = useQuery({
    queryKey: ["asset-backups", workspace, "one", from, name],
    queryFn: () => readBackup(workspace, name, from),
  });
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title(name)}>
        <Link to="/w/$workspace/asset-backups" params={{ workspace }} search={{ from }}>
          <Button tabIndex={-1}>{said.back}</Button>
        </Link>
      </PageTitle>
      <Asked query={query}>{(backup) => <Shown backup={backup} from={from} />}</Asked>
    </Flex>
  );
}

function Shown({ backup, from }: { backup: Backup; from: string }) {
  const said = useManualWords(words, easydata);
  const { variables, objects } = partsOf(backup.files);
  return (
    <>
      <Facts backup={backup} />
      {objects > 0 ? (
        <>
          <Typography.Text type="secondary">{said.text}</Typography.Text>
          <ImportSteps at="package" />
          <RunningImport />
          <Card style={{ maxWidth: width.text }}>
            <RestoreForm backup={backup} from={from} hasVariables={variables !== null} />
          </Card>
        </>
      ) : (
        <Alert type="info" showIcon title={said.only} />
      )}
      {variables && <VariablesCard backup={backup} file={variables} from={from} />}
    </>
  );
}

function Facts({ backup }: { backup: Backup }) {
  const said = useManualWords(words, easydata);
  const time = useTimes();
  const facts = [
    { key: "taken", label: said.taken, children: time(backup.taken_at) },
    { key: "of", label: said.of, children: backup.workspace },
    { key: "holds", label: said.holds, children: `${said.objects(backup.objects)} · ${inUnits(backup.size)}` },
    { key: "place", label: said.place, children: <span className="beside">{backup.place}</span> },
  ];
  return <Descriptions size="small" column={{ xs: 1, md: 2 }} items={facts} />;
}
