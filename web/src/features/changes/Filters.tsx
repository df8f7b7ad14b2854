import { Flex, Input, Select } from "antd";

import { width } from "@/shared/look/tokens";
import { useManualWords } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { easydataKinds, kindWords } from "@/shared/words/kinds";

import { CHANGES } from "./filters";
import { easydata, words } from "./words";

const KINDS = ["job", "script", "resource", "cdm"] as const;

/** What the list is narrowed by; the address holds it. */
export function Filters() {
  const said = useManualWords(words, easydata);
  const kinds = useManualWords(kindWords, easydataKinds);
  const [address, change] = useAddress();
  const filter = (key: string) => (value: string) => change({ [key]: value, page: "" });
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={address["search"] ?? ""}
        allowClear
        aria-label={said.search}
        placeholder={said.search}
        defaultValue={address["search"]}
        onSearch={filter("search")}
        style={{ maxWidth: width.form }}
      />
      <Select
        aria-label={said.kind}
        value={address["kind"] ?? ""}
        options={[{ value: "", label: said.allKinds }, ...KINDS.map((value) => ({ value, label: kinds[value] }))]}
        onChange={filter("kind")}
        popupMatchSelectWidth={false}
      />
      <Select
        aria-label={said.change}
        value={address["change"] ?? ""}
        options={[{ value: "", label: said.allChanges }, ...CHANGES.map((value) => ({ value, label: said[value] }))]}
        onChange={filter("change")}
        popupMatchSelectWidth={false}
      />
      <Input
        key={`user/${address["user"] ?? ""}`}
        allowClear
        aria-label={said.by}
        placeholder={said.by}
        defaultValue={address["user"]}
        onBlur={({ target }) => filter("user")(target.value.trim())}
        onPressEnter={({ currentTarget }) => filter("user")(currentTarget.value.trim())}
        style={{ maxWidth: width.person }}
      />
      <Moment field="since" label={said.from} />
      <Moment field="until" label={said.until} />
    </Flex>
  );
}

function Moment({ field, label }: { field: "since" | "until"; label: string }) {
  const [address, change] = useAddress();
  return (
    <Input
      type="datetime-local"
      prefix={label}
      aria-label={label}
      value={address[field] ?? ""}
      onChange={({ target }) => change({ [field]: target.value, page: "" })}
      style={{ width: "auto" }}
    />
  );
}
