import { Flex, Input, Select } from "antd";

import { width } from "@/shared/look/tokens";
import { useAddress } from "@/shared/url/address";

const FEW = 4;

export interface Option {
  value: string;
  label: string;
}

/** What a list is narrowed by: a text, or, with options, one of them. The address holds it under its key. */
export interface Filter {
  key: string;
  label: string;
  /** What may be chosen. */
  options?: readonly Option[];
  /** The label of the choice that narrows nothing. */
  any?: string;
  /** A day, or a moment, in the reader's zone. */
  time?: "date" | "datetime-local";
}

/** A text that narrows a list, once Enter is pressed. */
export function SearchField({ field = "name", label, size = width.form }: { field?: string; label: string; size?: number }) {
  const [address, change] = useAddress();
  return (
    <Input.Search
      key={`${field} ${address[field] ?? ""}`}
      allowClear
      aria-label={label}
      placeholder={label}
      defaultValue={address[field]}
      onSearch={(text) => change({ [field]: text, page: "" })}
      style={{ maxWidth: size }}
    />
  );
}

/** A choice that narrows a list; the first one, which is called ``any``, narrows nothing. */
export function ChoiceField({ field, label, any, options }: { field: string; label: string; any: string; options: readonly Option[] }) {
  const [address, change] = useAddress();
  return (
    <Select
      {...(options.length > FEW ? { showSearch: { optionFilterProp: "label" } } : {})}
      aria-label={label}
      value={address[field] ?? ""}
      options={[{ value: "", label: any }, ...options]}
      onChange={(value) => change({ [field]: value, page: "" })}
      popupMatchSelectWidth={false}
    />
  );
}

function TimeField({ field, label, type }: { field: string; label: string; type: NonNullable<Filter["time"]> }) {
  const [address, change] = useAddress();
  return (
    <Input
      type={type}
      prefix={label}
      aria-label={label}
      value={address[field] ?? ""}
      onChange={({ target }) => change({ [field]: target.value, page: "" })}
      style={{ width: "auto" }}
    />
  );
}

/** The filters of a list in one row. */
export function Filters({ filters }: { filters: readonly Filter[] }) {
  return (
    <Flex gap="small" wrap>
      {filters.map(({ key, label, any, options, time }) => {
        if (options) return <ChoiceField key={key} field={key} label={label} any={any ?? label} options={options} />;
        return time ? <TimeField key={key} field={key} label={label} type={time} /> : <SearchField key={key} field={key} label={label} />;
      })}
    </Flex>
  );
}
