import { QuestionCircleOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Flex, Form, Modal } from "antd";

import { Command, quoted } from "@/shared/look/Command";
import { Failure } from "@/shared/look/Failure";
import { space, width } from "@/shared/look/tokens";
import { ApproverSelect } from "@/shared/people/ApproverSelect";
import { isReviewed } from "@/shared/people/approval";
import { useWorkspace } from "@/shared/session/workspace";
import { useWords } from "@/shared/words/words";

import { beginImport, type Asked } from "./api";
import { DirectoryPicker } from "./DirectoryPicker";
import { Notes } from "./Notes";
import { PackageChooser } from "./PackageChooser";
import { words } from "./words";

interface Props {
  limit: number;
  close: () => void;
  begun: (importId: string, asked: Asked) => void;
}

/** Package and task directory; *Import* waits until both are there. */
export function ImportForm({ limit, close, begun }: Props) {
  const said = useWords(words);
  const { name: workspace, settings } = useWorkspace();
  const [form] = Form.useForm<Partial<Asked>>();
  const asked = Form.useWatch([], form) as Partial<Asked> | undefined;
  const importing = useMutation({
    mutationFn: (all: Asked) => beginImport(workspace, all),
    onSuccess: ({ id }, all) => begun(id, all),
  });
  const asksApprovers = isReviewed(settings) && asked?.isOnline === true;
  const isReady = asked?.file !== undefined && Boolean(asked.directory) && (!asksApprovers || Boolean(asked.approvers?.length));
  const target = asked?.isOnline ? " --target submitted" : "";
  const directory = quoted(asked?.directory ?? "/imports");
  return (
    <Modal
      open
      title={said.importTitle}
      width={width.dialog}
      onCancel={close}
      mask={{ closable: false }}
      footer={[
        <Button key="import" type="primary" disabled={!isReady} loading={importing.isPending} onClick={() => form.submit()}>
          {said.import}
        </Button>,
        <Button key="close" onClick={close}>
          {said.close}
        </Button>,
      ]}
    >
      <Flex vertical gap={space.medium}>
        <Notes notes={[said.importNote1, said.importNote2, said.importNote3, said.importNote4]} />
        <Form<Partial<Asked>> form={form} layout="vertical" onFinish={(all) => importing.mutate(withDefaults(all))} disabled={importing.isPending}>
          <Form.Item name="file" label={said.package} required>
            <PackageChooser limit={limit} />
          </Form.Item>
          <Form.Item
            name="directory"
            label={said.directory}
            required
            tooltip={{ title: said.directoryHelp, icon: <QuestionCircleOutlined aria-label={said.directoryHelp} /> }}
          >
            <DirectoryPicker />
          </Form.Item>
          <Form.Item name="isOnline" valuePropName="checked" extra={said.onlineText}>
            <Checkbox>{said.online}</Checkbox>
          </Form.Item>
          {asksApprovers && (
            <Form.Item name="approvers" label={said.approvers} extra={said.approversText} required>
              <ApproverSelect />
            </Form.Item>
          )}
        </Form>
        {importing.isPending && <Alert type="info" showIcon role="status" title={said.sending} />}
        {importing.isError && <Failure error={importing.error} />}
        <Command
          text={`jobferry import ${quoted(asked?.file?.name ?? "FILE.zip")} --act import-batch-package --directory ${directory}${target} -w ${quoted(workspace)}`}
        />
      </Flex>
    </Modal>
  );
}

function withDefaults({ file, directory = "", isOnline = false, approvers = [] }: Partial<Asked>): Asked {
  if (file === undefined) throw new Error("no package was chosen");
  return { file, directory, isOnline, approvers };
}
