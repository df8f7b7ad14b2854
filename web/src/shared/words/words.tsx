import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export type Language = "en" | "zh";

/** Words of one place in both languages. The Chinese must have every key of the English: else it does not compile. */
export interface Words<T> {
  en: T;
  zh: { [K in keyof T]: T[K] extends (...args: infer A) => string ? (...args: A) => string : string };
}

interface Chosen {
  language: Language;
  choose: (language: Language) => void;
}

const KEPT_AS = "jobferry.language";
const Chosen = createContext<Chosen>({ language: "en", choose: () => undefined });

function first(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Gives everything inside the language that this browser's user has chosen, or the one to start with. */
export function LanguageProvider({ start, children }: { start?: Language; children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(start ?? first);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose: (next) => {
        localStorage.setItem(KEPT_AS, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  return <Chosen value={chosen}>{children}</Chosen>;
}

/** The language, and how to choose another. */
export function useLanguage(): Chosen {
  return useContext(Chosen);
}

/** The words of one place, in the reader's language. */
export function useWords<T>(words: Words<T>): T {
  const { language } = useLanguage();
  return words[language] as T;
}
