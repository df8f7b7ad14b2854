import { lazyRouteComponent, type ErrorComponentProps } from "@tanstack/react-router";
import { Alert, Button } from "antd";

import { fetched, reached, Replaced } from "@/shared/api/code";
import { Failure } from "@/shared/look/Failure";
import { useWords, type Words } from "@/shared/words/words";

const en = {
  title: "A new version of the console is here",
  text: "Reload the page to go on with it. What is typed on this page and not saved is lost then.",
  reload: "Reload",
};
const words: Words<typeof en> = {
  en,
  zh: { title: "控制台有新版本", text: "请重新加载页面后继续。本页面已输入但未保存的内容会丢失。", reload: "重新加载" },
};

/** A page whose code is fetched when somebody goes there. */
export const page: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => fetched(load()), name);

/** A page that cannot be shown. Nothing reloads by itself: what is missing after that, too, would be asked for for ever. */
export function Failed({ error }: ErrorComponentProps) {
  return error instanceof Replaced ? <NewVersion /> : <Failure error={error} again={() => void again()} />;
}

function NewVersion() {
  const said = useWords(words);
  return (
    <Alert
      type="info"
      showIcon
      role="alert"
      title={said.title}
      description={said.text}
      action={
        <Button type="primary" onClick={() => void again()}>
          {said.reload}
        </Button>
      }
    />
  );
}

async function again(): Promise<void> {
  try {
    await reached();
    window.location.reload();
  } catch {
    // a reload would leave the console for the browser's own error page
  }
}
