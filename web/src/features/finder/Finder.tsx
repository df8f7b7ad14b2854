import { SearchOutlined } from "@ant-design/icons";
import { Button, Grid, Modal } from "antd";
import { useCallback, useState } from "react";

import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { FinderField } from "./FinderField";
import type { Hit, Place } from "./search";
import { useFinderKeys } from "./useFinderKeys";
import { words } from "./words";

interface Props {
  /** Pages of the console that the reader may open. */
  pages: readonly Hit[];
  place: Place | undefined;
}

/** Finds anything by a piece of its name, from every page: by Ctrl-K, or by the button in the head. */
export function Finder({ pages, place }: Props) {
  const said = useWords(words);
  const isWide = Grid.useBreakpoint().lg ?? false;
  const [isOpen, setOpen] = useState(false);
  const [typed, type] = useState("");
  const [opened, count] = useState(0);
  const turn = useCallback((next: boolean) => {
    if (next) {
      type("");
      count((times) => times + 1);
    }
    setOpen(next);
  }, []);
  useFinderKeys({ isOpen, turn, type });
  return (
    <>
      <Button icon={<SearchOutlined aria-hidden />} {...(isWide ? {} : { "aria-label": said.find })} aria-keyshortcuts="Control+K" onClick={() => turn(true)}>
        {isWide && <span>{said.find} Ctrl K</span>}
      </Button>
      <Modal open={isOpen} title={said.find} footer={null} width={width.dialog} wrapClassName="finder" onCancel={() => turn(false)} destroyOnHidden>
        <FinderField key={opened} pages={pages} place={place} typed={typed} type={type} close={() => turn(false)} />
      </Modal>
    </>
  );
}
