import { FolderOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Flex, Grid } from "antd";
import { useState } from "react";

import { Command, quoted } from "@/shared/look/Command";
import { PageTitle } from "@/shared/look/PageTitle";
import { space, width } from "@/shared/look/tokens";
import type { ObjectKind, ObjectRow } from "@/shared/objects/kinds";
import { useMe } from "@/shared/session/session";
import { useManualWords, useMay, useWorkspace } from "@/shared/session/workspace";
import { Nothing } from "@/shared/table/Nothing";
import { PagedTable } from "@/shared/table/PagedTable";
import { useAddress } from "@/shared/url/address";
import { useLanguage } from "@/shared/words/words";

import { keys, readObjects } from "../api";
import { ChosenBar } from "./ChosenBar";
import { useColumns } from "./columns";
import { DirectoryTree } from "./DirectoryTree";
import { Filters } from "./Filters";
import { isFiltered, NO_FILTERS, optionsOf, queryOf } from "./filters";
import { ListMenu } from "./ListMenu";
import { MOST_PICKED, usePicked } from "./picked";
import { Tick } from "./Tick";
import { easydata, words } from "./words";

/** Objects of a kind: the tree of directories beside a table. */
export function ObjectsPage({ kind }: { kind: ObjectKind }) {
  const said = useManualWords(words, easydata);
  const isWide = Grid.useBreakpoint().lg !== false;
  const hasTree = kind !== "cdm";
  const [isOpen, setOpen] = useState(false);
  const [address] = useAddress();
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said[kind]}>
        <ListMenu kind={kind} />
      </PageTitle>
      <Flex gap={space.large} align="start">
        {hasTree && isWide && (
          <aside aria-label={said.directories} style={{ width: width.tree, flex: "none" }}>
            <DirectoryTree kind={kind} />
          </aside>
        )}
        <Flex vertical gap="small" className="grows">
          {hasTree && !isWide && (
            <Button icon={<FolderOutlined aria-hidden />} onClick={() => setOpen(true)} style={{ alignSelf: "start" }}>
              {address["directory"] ?? said.directories}
            </Button>
          )}
          <Filters kind={kind} />
          <ChosenBar kind={kind} />
          <Objects kind={kind} />
        </Flex>
      </Flex>
      {hasTree && !isWide && (
        <Drawer title={said.directories} placement="left" size={width.form} open={isOpen} onClose={() => setOpen(false)}>
          <DirectoryTree kind={kind} onChosen={() => setOpen(false)} />
        </Drawer>
      )}
    </Flex>
  );
}

function Objects({ kind }: { kind: ObjectKind }) {
  const { name: workspace } = useWorkspace();
  const me = useMe();
  const [address, change] = useAddress();
  const picked = usePicked();
  const { language } = useLanguage();
  const isNarrow = Grid.useBreakpoint().sm === false;
  const columns = useColumns(kind);
  const query = queryOf(address, kind, me.name);
  const sort = address["sort"] ?? "name";
  const sorted = columns.map((column) =>
    column.key === sort.replace("-", "") ? { ...column, sortOrder: sort.startsWith("-") ? ("descend" as const) : ("ascend" as const) } : column,
  );
  const isOff = (name: string): boolean => picked.names.length >= MOST_PICKED && !picked.names.includes(name);
  return (
    <>
      <PagedTable<ObjectRow>
        key={`${language} ${isNarrow}`}
        asked={[...keys.list(workspace, kind), query]}
        read={(page) => readObjects(workspace, kind, { ...query, ...page })}
        columns={sorted}
        rowKey={(row) => row.name}
        empty={<NoObjects kind={kind} />}
        more={{
          showSorterTooltip: false,
          onChange: (_page, _filters, sorter) => {
            const { columnKey, order } = Array.isArray(sorter) ? (sorter[0] ?? {}) : sorter;
            const next = order ? `${order === "descend" ? "-" : ""}${String(columnKey)}` : "";
            if (next !== (address["sort"] ?? "")) change({ sort: next === "name" ? "" : next });
          },
          ...(picked.isOn
            ? {
                rowSelection: {
                  selectedRowKeys: picked.names,
                  preserveSelectedRowKeys: true,
                  onChange: (names) => picked.pick(names.map(String)),
                  getCheckboxProps: ({ name }) => ({ disabled: isOff(name) }),
                  renderCell: (isTicked, { name }) => <Tick name={name} isTicked={isTicked} isOff={isOff(name)} tick={picked.tick} />,
                },
              }
            : {}),
        }}
      />
      <Command text={["jobferry", kind, "list", ...optionsOf(query), "-w", quoted(workspace)].join(" ")} />
    </>
  );
}

/** The import stands in the menu otherwise, where who begins would not look for it. */
function NoObjects({ kind }: { kind: ObjectKind }) {
  const said = useManualWords(words, easydata);
  const { name: workspace } = useWorkspace();
  const [address, change] = useAddress();
  const mayImport = useMay("import") && kind === "job";
  return (
    <Nothing
      said={{ none: said.nothing, noneText: said.nothingText, noneFit: said.noneFit }}
      clear={isFiltered(address) ? () => change(NO_FILTERS) : null}
    >
      {mayImport && (
        <Link to="/w/$workspace/imports/new" params={{ workspace }}>
          <Button tabIndex={-1}>{said.importJob}</Button>
        </Link>
      )}
    </Nothing>
  );
}
