import { useLanguage, type Language } from "./words";

const BETWEEN: Record<Language, string> = { en: ", ", zh: "、" };

/** How names stand beside each other in the reader's language. */
export function useListed(): (names: readonly string[]) => string {
  const { language } = useLanguage();
  return (names) => names.join(BETWEEN[language]);
}
