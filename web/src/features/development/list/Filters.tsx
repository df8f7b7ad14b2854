import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Flex } from "antd";

import { width } from "@/shared/look/tokens";
import { isVersioned, type ObjectKind } from "@/shared/objects/kinds";
import { SCHEDULING_STATES, schedulingWords } from "@/shared/objects/StateTag";
import { useWorkspace } from "@/shared/session/workspace";
import { ChoiceField, SearchField } from "@/shared/table/Filters";
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
      <SearchField label={said.search} size={width.tree} />
      {kind === "job" && <JobFilters />}
      {isVersioned(kind) && (
        <ChoiceField
          field="lock"
          label={said.lock}
          any={said.lockAny}
          options={[
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
      <ChoiceField
        field="state"
        label={said.state}
        any={said.allStates}
        options={SCHEDULING_STATES.map((value) => ({ value, label: states[value] }))}
      />
      <ChoiceField
        field="held"
        label={said.held}
        any={said.heldAny}
        options={[
          { value: "yes", label: said.heldOnly },
          { value: "no", label: said.heldNone },
        ]}
      />
      <ChoiceField
        field="tag"
        label={said.byTag}
        any={said.allTags}
        options={(tags.data?.items ?? []).map(({ name, jobs }) => ({ value: name, label: `${name} (${jobs})` }))}
      />
      <ChoiceField
        field="type"
        label={said.type}
        any={said.allTypes}
        options={[
          { value: "BATCH", label: said.BATCH },
          { value: "REAL_TIME", label: said.REAL_TIME },
        ]}
      />
    </>
  );
}
