import { UserOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";

import { useLook, type Choice } from "@/shared/look/theme";
import { useMe, useSession } from "@/shared/session/session";
import { useLanguage, useWords, type Language } from "@/shared/words/words";

import { words } from "./words";

/** Language, theme, and the way out. */
export function AccountMenu() {
  const said = useWords(words);
  const { name } = useMe();
  const { end } = useSession();
  const { language, choose: speak } = useLanguage();
  const { choice, choose: shade } = useLook();
  const items = [
    { key: "language:en", label: "English" },
    { key: "language:zh", label: "中文" },
    { type: "divider" as const },
    { key: "theme:system", label: said.system },
    { key: "theme:light", label: said.light },
    { key: "theme:dark", label: said.dark },
    { type: "divider" as const },
    { key: "sign-out", label: said.signOut },
  ];
  const act = ({ key }: { key: string }): void => {
    const [what, which] = key.split(":");
    if (what === "language") speak(which as Language);
    else if (what === "theme") shade(which as Choice);
    else void end();
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items, onClick: act, selectable: true, selectedKeys: [`language:${language}`, `theme:${choice}`] }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={`${said.account}: ${name}`}>
        <span className="wide-only">{name}</span>
      </Button>
    </Dropdown>
  );
}
