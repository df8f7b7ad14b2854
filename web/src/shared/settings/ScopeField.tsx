import { Flex, Radio, Select } from "antd";
import { useState } from "react";

import type { Setting } from "./setting";
import { useShown } from "./useShown";
import { nameOf } from "./values";

const CHOICES = ["off", "all", "named"] as const;
type Choice = (typeof CHOICES)[number];

interface Props {
  setting: Setting;
  value: string;
  change: (value: string) => void;
}

/** What is reviewed: nothing, all, or what has one of these names. Without a name nothing changes. */
export function ScopeField({ setting, value, change }: Props) {
  const said = useShown();
  const [choice, choose] = useState(choiceOf(setting.value));
  const [names, setNames] = useState(choice === "named" ? setting.value.split(",").map((name) => name.trim()) : []);
  const shown = value === "" ? choiceOf(setting.default) : choice;
  const put = (chosen: Choice, named: string[]): void => {
    choose(chosen);
    setNames(named);
    change(chosen === "named" ? named.join(",") || setting.value : chosen);
  };
  return (
    <Flex vertical gap="small">
      <Radio.Group
        vertical
        aria-label={said.nameOf(setting.key)}
        value={shown}
        options={CHOICES.map((one) => ({ value: one, label: nameOf(said.values, setting.key, one) }))}
        onChange={({ target }) => put(target.value as Choice, names)}
      />
      {shown === "named" && (
        <Select
          aria-label={nameOf(said.values, setting.key, "named")}
          mode="tags"
          open={false}
          suffix={null}
          tokenSeparators={[","]}
          value={names}
          onChange={(named: string[]) => put("named", named)}
          style={{ width: "100%" }}
        />
      )}
    </Flex>
  );
}

function choiceOf(value: string): Choice {
  return CHOICES.find((one) => one === value.toLowerCase()) ?? "named";
}
