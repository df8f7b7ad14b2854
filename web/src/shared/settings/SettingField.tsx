import { AutoComplete, Input, InputNumber, Radio, Select } from "antd";

import { inUnits } from "@/shared/words/sizes";

import type { FieldProps } from "./setting";
import { useShown } from "./useShown";
import { nameOf } from "./values";
import { WordOrNamesField } from "./WordOrNamesField";

const FLAGS = ["true", "false"];
const ZONES = Intl.supportedValuesOf("timeZone").map((value) => ({ value }));

/** The field that fits a setting's type. Whether the value fits, the platform says. */
export function SettingField({ setting, value, change }: FieldProps) {
  const said = useShown();
  const label = said.nameOf(setting.key);
  switch (setting.type) {
    case "flag":
    case "choice": {
      const choices = setting.type === "flag" ? FLAGS : setting.choices;
      const options = choices.map((choice) => ({ value: choice, label: nameOf(said.values, setting.key, choice) }));
      return <Radio.Group vertical aria-label={label} value={value} options={options} onChange={({ target }) => change(String(target.value))} />;
    }
    case "count":
      return <Count label={label} value={value} change={change} isBytes={setting.key.endsWith("_bytes")} />;
    case "kinds":
    case "names": {
      if (setting.words.length > 0) return <WordOrNamesField setting={setting} value={value} change={change} />;
      const options = setting.choices.map((kind) => ({ value: kind, label: said.kinds[kind] ?? kind }));
      const parts = value === "" ? [] : value.split(",").map((part) => part.trim());
      return (
        <Select
          aria-label={label}
          mode={setting.type === "kinds" ? "multiple" : "tags"}
          tokenSeparators={[","]}
          value={parts}
          options={options}
          onChange={(chosen) => change(chosen.join(","))}
          style={{ width: "100%" }}
        />
      );
    }
    case "zone":
      return <AutoComplete aria-label={label} value={value} options={ZONES} showSearch={{ filterOption: true }} onChange={change} style={{ width: "100%" }} />;
    default:
      return <Input aria-label={label} value={value} onChange={({ target }) => change(target.value)} />;
  }
}

interface CountProps {
  label: string;
  value: string;
  change: (value: string) => void;
  isBytes: boolean;
}

function Count({ label, value, change, isBytes }: CountProps) {
  return (
    <InputNumber
      aria-label={label}
      stringMode
      min="1"
      precision={0}
      value={value}
      onChange={(typed) => change(typed ?? "")}
      {...(isBytes && value ? { suffix: inUnits(Number(value)) } : {})}
      style={{ width: "100%" }}
    />
  );
}
