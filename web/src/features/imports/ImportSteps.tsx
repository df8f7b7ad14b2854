import { Grid, Steps } from "antd";

import { useWords, type Words } from "@/shared/words/words";

export type Step = "package" | "mapping" | "plan" | "receipt";
const ORDER: Step[] = ["package", "mapping", "plan", "receipt"];

const en: Record<Step, string> = { package: "Package", mapping: "Findings and mapping", plan: "Plan", receipt: "Receipt" };
const words: Words<Record<Step, string>> = {
  en,
  zh: { package: "选择包", mapping: "检查与映射", plan: "导入计划", receipt: "回执" },
};

interface Props {
  at: Step;
  isWrong?: boolean;
  go?: (step: Step) => void;
  open?: readonly Step[];
}

/** Where an import stands among its four steps; those in ``open`` can be gone to. */
export function ImportSteps({ at, isWrong = false, go, open = [] }: Props) {
  const said = useWords(words);
  const isWide = Grid.useBreakpoint().md ?? true;
  const current = ORDER.indexOf(at);
  const shown = isWide ? ORDER : ORDER.filter((step) => step === at);
  return (
    <Steps
      size="small"
      responsive={false}
      current={current}
      initial={isWide ? 0 : current}
      status={isWrong ? "error" : "process"}
      items={shown.map((step) => ({
        title: isWide ? said[step] : `${said[step]} (${String(current + 1)}/${String(ORDER.length)})`,
        disabled: !open.includes(step),
      }))}
      {...(go && isWide ? { onChange: (index: number) => { const step = ORDER[index]; if (step) go(step); } } : {})}
    />
  );
}
