import { useLanguage } from "./words";

const TAGS = { en: "en-GB", zh: "zh-CN" } as const;

/** Instants (ms) as the reader writes them, in their own time zone. */
export function useTimes(): (ms: number) => string {
  const { language } = useLanguage();
  const form = new Intl.DateTimeFormat(TAGS[language], { dateStyle: "medium", timeStyle: "short" });
  return (ms) => form.format(ms);
}
