import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Button, Flex, Form, Input, Typography } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { isObjectKind, pageOf, type ObjectKind } from "@/shared/objects/kinds";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import { keys } from "../api";
import { isDocument, valueAt } from "./document";
import { Editor } from "./Editor";
import { firstText } from "./fields";
import { createObject } from "./save";
import { easydata, words } from "./words";

/** A new object, by form or by text. It is saved as a draft. */
export function NewPage() {
  const { kind } = useParams({ from: "/signed-in/w/$workspace/new/$kind" });
  const known = isObjectKind(kind) ? kind : "job";
  return <Making key={known} kind={known} />;
}

function Making({ kind }: { kind: ObjectKind }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [address] = useAddress();
  const queries = useQueryClient();
  const go = useNavigate();
  const [text, setText] = useState(() => firstText(kind, address["directory"] ?? "/"));
  const [cdmName, setCdmName] = useState("");
  const titles = { job: said.newJob, script: said.newScript, resource: said.newResource, cdm: said.newCdm };
  const making = useMutation({
    mutationFn: () => createObject({ workspace, kind, name: cdmName.trim() }, text),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: keys.all(workspace) });
      await go({ to: pageOf[kind], params: { workspace, name: made.name } });
    },
  });
  const isNamed = kind === "cdm" ? cdmName.trim() !== "" : !isDocument(text) || valueAt(text, ["name"]).trim() !== "";
  return (
    <Flex vertical gap="middle">
      <PageTitle text={titles[kind]} />
      {kind === "cdm" && (
        <Form layout="vertical" style={{ maxWidth: width.text }}>
          <Form.Item label={said.cdmName} extra={said.cdmNameText} required>
            <Input aria-label={said.cdmName} value={cdmName} onChange={({ target }) => setCdmName(target.value)} />
          </Form.Item>
        </Form>
      )}
      <Editor kind={kind} isNew text={text} change={setText} />
      {making.isError && <Failure error={making.error} />}
      <Flex gap="small" align="center" wrap>
        <Button type="primary" disabled={!isNamed} loading={making.isPending} onClick={() => making.mutate()}>
          {said.save}
        </Button>
        <Typography.Text type="secondary">{said.saveText}</Typography.Text>
      </Flex>
      <Command text={`jobferry ${kind} create FILE --draft -w ${quoted(workspace)}`} />
    </Flex>
  );
}
