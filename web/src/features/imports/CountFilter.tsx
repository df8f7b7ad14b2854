import { Button, Flex } from "antd";

import { VerdictTag, type Outcome, type Verdict } from "@/shared/look/Verdict";
import { useWords, type Words } from "@/shared/words/words";

const en = { show: "Show only" };
const words: Words<typeof en> = { en, zh: { show: "仅显示" } };

interface Props<T extends Verdict | Outcome> {
  order: readonly T[];
  counts: Partial<Record<T, number>>;
  chosen: T | undefined;
  choose: (one: T | undefined) => void;
  /** Said in the place of the usual words. */
  texts?: Partial<Record<T, string>>;
}

/** How many there are of each; a press shows only those, another one all again. */
export function CountFilter<T extends Verdict | Outcome>({ order, counts, chosen, choose, texts = {} }: Props<T>) {
  const said = useWords(words);
  return (
    <Flex gap="small" wrap role="group" aria-label={said.show}>
      {order
        .filter((one) => (counts[one] ?? 0) > 0)
        .map((one) => (
          <Button
            key={one}
            type={chosen === one ? "primary" : "default"}
            ghost={chosen === one}
            aria-pressed={chosen === one}
            onClick={() => choose(chosen === one ? undefined : one)}
          >
            <VerdictTag of={one} count={counts[one] ?? 0} text={texts[one]} />
          </Button>
        ))}
    </Flex>
  );
}
