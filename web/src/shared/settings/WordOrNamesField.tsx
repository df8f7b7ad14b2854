import { Flex, Radio, Select } from "antd";
import { useState } from "react";

import type { FieldProps, Setting } from "./setting";
import { useShown } from "./useShown";
import { nameOf } from "./values";

const NAMED = "named";

/** One of the setting's words, such as off and all, or names. Without a name nothing changes. */
export function WordOrNamesField({ setting, value, change }: FieldProps) {
  const said = useShown();
  const [choice, choose] = useState(choiceOf(setting, setting.value));
  const [names, setNames] = useState(choice === NAMED ? setting.value.split(",").map((name) => name.trim()) : []);
  const shown = value === "" ? choiceOf(setting, setting.default) : choice;
  const put = (chosen: string, named: string[]): void => {
    choose(chosen);
    setNames(named);
    change(chosen === NAMED ? named.join(",") || setting.value : chosen);
  };
  return (
    <Flex vertical gap="small">
      <Radio.Group
        vertical
        aria-label={said.nameOf(setting.key)}
        value={shown}
        options={[...setting.words, NAMED].map((one) => ({ value: one, label: nameOf(said.values, setting.key, one) }))}
        onChange={({ target }) => put(String(target.value), names)}
      />
      {shown === NAMED && (
        <Select
          aria-label={nameOf(said.values, setting.key, NAMED)}
          mode="tags"
          open={false}
          suffix={<></>}
          tokenSeparators={[","]}
          value={names}
          onChange={(named: string[]) => put(NAMED, named)}
          style={{ width: "100%" }}
        />
      )}
    </Flex>
  );
}

function choiceOf({ words }: Setting, value: string): string {
  return words.find((word) => word === value.trim().toLowerCase()) ?? NAMED;
}
