import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Flex, Input, Select } from "antd";

import { width } from "@/shared/look/tokens";
import { isVersioned, type ObjectKind } from "@/shared/objects/kinds";
import { SCHEDULING_STATES, schedulingWords } from "@/shared/objects/StateTag";
import { useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";
import { useWords } from "@/shared/words/words";

import { keys, readTags } from "../api";
import { words } from "./words";

const TYPES: Record<ObjectKind, string[]> = {
  job: ["BATCH", "REAL_TIME"],
  script: ["DLISQL", "DWSSQL", "HiveSQL", "SparkSQL", "FlinkSQL", "RDSSQL", "Shell", "PYTHON"],
  resource: ["jar", "pyFile", "file", "archive"],
  cdm: [],
};

/** What a list is narrowed by; all of it stands in the address. */
export function Filters({ kind }: { kind: ObjectKind }) {
  const said = useWords(words);
  const [address, change] = useAddress();
  return (
    <Flex gap="small" wrap>
      <Input.Search
        key={address["name"] ?? ""}
        allowClear
        placeholder={said.search}
        aria-label={said.search}
        defaultValue={address["name"]}
        onSearch={(name) => change({ name, page: "" })}
        style={{ width: width.person }}
      />
      {kind === "job" && <JobFilters />}
      {isVersioned(kind) && (
        <Choice
          name="lock"
          label={said.lock}
          options={[
            { value: "", label: said.lockAny },
            { value: "mine", label: said.lockMine },
            { value: "yes", label: said.lockAll },
            { value: "no", label: said.lockNone },
          ]}
        />
      )}
      {kind !== "cdm" && kind !== "job" && (
        <AutoComplete
          key={`type ${address["type"] ?? ""}`}
          allowClear
          aria-label={said.type}
          placeholder={said.type}
          {...(address["type"] ? { defaultValue: address["type"] } : {})}
          options={TYPES[kind].map((value) => ({ value }))}
          onSelect={(type) => change({ type, page: "" })}
          onClear={() => change({ type: "", page: "" })}
          style={{ width: width.tag }}
        />
      )}
    </Flex>
  );
}

function JobFilters() {
  const said = useWords(words);
  const states = useWords(schedulingWords);
  const { name: workspace } = useWorkspace();
  const tags = useQuery({ queryKey: keys.tags(workspace), queryFn: () => readTags(workspace) });
  return (
    <>
      <Choice
        name="state"
        label={said.state}
        options={[{ value: "", label: said.allStates }, ...SCHEDULING_STATES.map((value) => ({ value, label: states[value] }))]}
      />
      <Choice
        name="held"
        label={said.held}
        options={[
          { value: "", label: said.heldAny },
          { value: "yes", label: said.heldOnly },
          { value: "no", label: said.heldNone },
        ]}
      />
      <Choice
        name="tag"
        label={said.byTag}
        options={[{ value: "", label: said.allTags }, ...(tags.data?.items ?? []).map(({ name, jobs }) => ({ value: name, label: `${name} (${jobs})` }))]}
      />
      <Choice
        name="type"
        label={said.type}
        options={[
          { value: "", label: said.allTypes },
          { value: "BATCH", label: said.BATCH },
          { value: "REAL_TIME", label: said.REAL_TIME },
        ]}
      />
    </>
  );
}

function Choice({ name, label, options }: { name: string; label: string; options: { value: string; label: string }[] }) {
  const [address, change] = useAddress();
  return (
    <Select
      showSearch={options.length > TYPES.job.length * TYPES.job.length}
      aria-label={label}
      value={address[name] ?? ""}
      options={options}
      onChange={(value) => change({ [name]: value, page: "" })}
      popupMatchSelectWidth={false}
    />
  );
}
