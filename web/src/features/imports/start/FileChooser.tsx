import { InboxOutlined } from "@ant-design/icons";
import { Alert, Flex, Typography, Upload } from "antd";
import { useState } from "react";

import { useManualWords } from "@/shared/session/workspace";
import { inUnits } from "@/shared/words/sizes";

import { easydata, words } from "./words";

interface Props {
  id?: string;
  limit: number;
  unpacked: number;
  value?: File;
  onChange?: (file: File | undefined) => void;
}

/** Takes a package from this machine. What is too large or no zip is refused before anything is sent. */
export function FileChooser({ id, limit, unpacked, value, onChange }: Props) {
  const said = useManualWords(words, easydata);
  const [refused, setRefused] = useState<File>();
  const take = (file: File): false => {
    const isFit = file.size <= limit && file.name.toLowerCase().endsWith(".zip");
    setRefused(isFit ? undefined : file);
    onChange?.(isFit ? file : undefined);
    return false;
  };
  return (
    <Flex vertical gap="small">
      <Upload.Dragger {...(id ? { id } : {})} accept=".zip" showUploadList={false} multiple={false} beforeUpload={take}>
        <InboxOutlined aria-hidden />
        <Typography.Paragraph style={{ margin: 0 }}>
          {value ? (
            <>
              <strong>{value.name}</strong> ({inUnits(value.size)}) · <Typography.Link>{said.chooseAgain}</Typography.Link>
            </>
          ) : (
            said.choose
          )}
        </Typography.Paragraph>
        <Typography.Text type="secondary">{said.limit(inUnits(limit), inUnits(unpacked))}</Typography.Text>
      </Upload.Dragger>
      {refused && <Refused file={refused} limit={limit} />}
    </Flex>
  );
}

function Refused({ file, limit }: { file: File; limit: number }) {
  const said = useManualWords(words, easydata);
  if (file.size <= limit) return <Alert type="error" showIcon role="alert" title={`${file.name}: ${said.notZip}`} />;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={`${file.name}: ${said.tooLarge(inUnits(file.size), inUnits(limit))}`}
      description={said.tooLargeText}
    />
  );
}
