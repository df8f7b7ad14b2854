import { Flex, Input, Select } from "antd";

import { width } from "@/shared/look/tokens";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { actionWords } from "./actions";
import { OUTCOMES } from "./query";
import { words } from "./words";

/** Which rows are wanted; all of it is in the address. */
export function Filters() {
  const said = useWords(words);
  const actions = useWords(actionWords);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={`text ${address["text"] ?? ""}`}
        allowClear
        aria-label={said.search}
        placeholder={said.search}
        defaultValue={address["text"]}
        onSearch={(text) => change({ text, page: "" })}
        style={{ maxWidth: width.tree }}
      />
      <Input.Search
        key={`actor ${address["actor"] ?? ""}`}
        allowClear
        aria-label={said.actorIs}
        placeholder={said.actorIs}
        defaultValue={address["actor"]}
        onSearch={(actor) => change({ actor, page: "" })}
        style={{ maxWidth: width.side }}
      />
      <Select
        aria-label={said.what}
        showSearch={{ optionFilterProp: "label" }}
        value={address["action"] ?? ""}
        options={[{ value: "", label: said.allActions }, ...Object.entries(actions).map(([value, label]) => ({ value, label }))]}
        onChange={(action) => change({ action, page: "" })}
        popupMatchSelectWidth={false}
        style={{ minWidth: width.chooser }}
      />
      <Select
        aria-label={said.outcome}
        value={address["outcome"] ?? ""}
        options={[{ value: "", label: said.allOutcomes }, ...OUTCOMES.map((value) => ({ value, label: said[value] }))]}
        onChange={(outcome) => change({ outcome, page: "" })}
        popupMatchSelectWidth={false}
      />
      <Day label={said.from} name="since" />
      <Day label={said.until} name="until" />
    </Flex>
  );
}

function Day({ label, name }: { label: string; name: "since" | "until" }) {
  const [address, change] = useAddress();
  return (
    <Input
      type="date"
      aria-label={label}
      prefix={label}
      defaultValue={address[name]}
      onChange={({ target }) => change({ [name]: target.value, page: "" })}
      style={{ width: "auto" }}
    />
  );
}
