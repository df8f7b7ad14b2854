import { Segmented } from "antd";

import { useLanguage, type Language } from "@/shared/words/words";

/** English or Chinese, each in its own words. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  return (
    <Segmented<Language>
      value={language}
      onChange={choose}
      options={[
        { value: "en", label: "English" },
        { value: "zh", label: "中文" },
      ]}
    />
  );
}
