import { LoadingOutlined } from "@ant-design/icons";
import { App, ConfigProvider, theme as antd } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { brand, danger, GRID, hint, link, plan, quiet, selected, surface, type } from "@/shared/look/tokens";
import { useLanguage } from "@/shared/words/words";

export type Shade = "light" | "dark";
export type Choice = Shade | "system";

interface Look {
  shade: Shade;
  choice: Choice;
  choose: (choice: Choice) => void;
}

const KEPT_AS = "jobferry.theme";
const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const Look = createContext<Look>({ shade: "light", choice: "system", choose: () => undefined });

function kept(): Choice {
  const found = localStorage.getItem(KEPT_AS);
  return found === "light" || found === "dark" ? found : "system";
}

function useSystemShade(): Shade {
  const [isDark, setDark] = useState(system.matches);
  useEffect(() => {
    const follow = (): void => setDark(system.matches);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  return isDark ? "dark" : "light";
}

/** Light or dark, as the user or their system has it, in the reader's language. */
export function ThemeProvider({ stylesAhead = true, children }: { stylesAhead?: boolean; children: ReactNode }) {
  const [choice, setChoice] = useState<Choice>(kept);
  const { language } = useLanguage();
  const systemShade = useSystemShade();
  const shade = choice === "system" ? systemShade : choice;
  const look = useMemo<Look>(
    () => ({
      shade,
      choice,
      choose: (next) => {
        localStorage.setItem(KEPT_AS, next);
        setChoice(next);
      },
    }),
    [shade, choice],
  );
  useEffect(() => {
    document.documentElement.style.colorScheme = shade;
    document.documentElement.style.setProperty("--danger-text", plan[shade].blocked);
  }, [shade]);
  return (
    <Look value={look}>
      <ConfigProvider
        csp={{ nonce: NONCE }}
        button={{ autoInsertSpace: false, loadingIcon: <LoadingOutlined aria-hidden /> }}
        locale={language === "zh" ? zhCN : enUS}
        theme={{
          zeroRuntime: stylesAhead, // its styles are a file: making them in the browser took a third of a second
          algorithm: shade === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
          components: {
            Button: { defaultHoverColor: link[shade], defaultActiveColor: link[shade] },
            Form: { labelRequiredMarkColor: plan[shade].blocked },
            Menu: { itemSelectedColor: selected[shade] },
            Pagination: { itemActiveColor: link[shade], itemActiveColorHover: link[shade] },
            Tabs: { itemSelectedColor: link[shade], itemHoverColor: link[shade], itemActiveColor: link[shade] },
          },
          token: {
            colorPrimary: brand[shade],
            colorInfo: link[shade],
            colorLink: link[shade],
            colorError: danger[shade],
            colorBgLayout: surface[shade],
            colorTextSecondary: quiet[shade],
            colorTextTertiary: quiet[shade],
            colorTextDescription: quiet[shade],
            colorTextPlaceholder: hint[shade],
            fontSize: type.body,
            fontSizeHeading1: type.title,
            fontSizeHeading2: type.heading,
            fontSizeHeading3: type.lead,
            sizeUnit: GRID,
            borderRadius: GRID + GRID / 2,
          },
        }}
      >
        <App>{children}</App>
      </ConfigProvider>
    </Look>
  );
}

/** Light or dark, and how to choose. */
export function useLook(): Look {
  return useContext(Look);
}
