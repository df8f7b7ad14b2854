import { Button, Empty, Flex, Typography } from "antd";
import type { ReactNode } from "react";

import { useWords, type Words } from "@/shared/words/words";

const en = { clear: "Clear filters" };
const words: Words<typeof en> = { en, zh: { clear: "清除筛选" } };

/** What a list says that has no row: that there is none yet, or that the filters fit none. */
export interface NothingWords {
  none: string;
  noneText: string;
  noneFit: string;
}

interface Props {
  said: NothingWords;
  clear: (() => void) | null;
  /** Buttons for what to do first, where they stand nowhere else on the page. */
  children?: ReactNode;
}

/** A list without rows; with ``clear`` the filters are what hides them. */
export function Nothing({ said, clear, children }: Props) {
  const own = useWords(words);
  if (clear) {
    return (
      <Empty description={said.noneFit}>
        <Button onClick={clear}>{own.clear}</Button>
      </Empty>
    );
  }
  return (
    <Empty description={<Typography.Text strong>{said.none}</Typography.Text>}>
      <Flex vertical align="center" gap="small">
        <Typography.Text type="secondary">{said.noneText}</Typography.Text>
        {children}
      </Flex>
    </Empty>
  );
}
