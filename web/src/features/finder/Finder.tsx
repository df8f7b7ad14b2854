import { SearchOutlined } from "@ant-design/icons";
import { Button, Grid, Modal } from "antd";
import { useEffect, useState } from "react";

import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { FinderField } from "./FinderField";
import type { Hit, Place } from "./search";
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
  useEffect(() => {
    const act = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      const isBusy = document.querySelector(".ant-modal-wrap:not(.finder):not([style*='display: none'])") !== null;
      setOpen((is) => (is ? false : !isBusy));
    };
    window.addEventListener("keydown", act);
    return () => window.removeEventListener("keydown", act);
  }, []);
  return (
    <>
      <Button icon={<SearchOutlined aria-hidden />} {...(isWide ? {} : { "aria-label": said.find })} aria-keyshortcuts="Control+K" onClick={() => setOpen(true)}>
        {isWide && <span>{said.find} Ctrl K</span>}
      </Button>
      <Modal open={isOpen} title={said.find} footer={null} width={width.dialog} wrapClassName="finder" onCancel={() => setOpen(false)} destroyOnHidden>
        <FinderField pages={pages} place={place} close={() => setOpen(false)} />
      </Modal>
    </>
  );
}
