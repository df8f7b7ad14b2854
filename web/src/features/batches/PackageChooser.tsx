import { Alert, Button, Flex, Typography, Upload } from "antd";
import { useState } from "react";

import { inUnits } from "@/shared/words/sizes";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

interface Props {
  id?: string;
  limit: number;
  value?: File;
  onChange?: (file: File | undefined) => void;
}

/** Takes a package from this machine; what is too large or no zip is refused before anything is sent. */
export function PackageChooser({ id, limit, value, onChange }: Props) {
  const said = useWords(words);
  const [refused, setRefused] = useState("");
  const take = (file: File): false => {
    const isZip = file.name.toLowerCase().endsWith(".zip");
    const why = isZip ? said.tooLarge(file.name, inUnits(file.size), inUnits(limit)) : said.notZip(file.name);
    const isFit = isZip && file.size <= limit;
    setRefused(isFit ? "" : why);
    onChange?.(isFit ? file : undefined);
    return false;
  };
  return (
    <Flex vertical gap="small">
      <Flex gap="small" align="center" wrap>
        {value && <Typography.Text className="beside">{value.name}</Typography.Text>}
        <Upload {...(id ? { id } : {})} accept=".zip" showUploadList={false} beforeUpload={take}>
          <Button autoFocus>{value ? said.chooseAgain : said.choose}</Button>
        </Upload>
        <Typography.Text type="secondary">{value ? inUnits(value.size) : said.limit(inUnits(limit))}</Typography.Text>
      </Flex>
      {refused && <Alert type="error" showIcon role="alert" title={refused} />}
    </Flex>
  );
}
