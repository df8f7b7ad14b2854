import { Link } from "@tanstack/react-router";
import { Result } from "antd";

import { useWords, type Words } from "@/shared/words/words";

const en = { title: "There is no page at this address", home: "Go to the home page" };
const words: Words<typeof en> = { en, zh: { title: "该地址没有页面", home: "返回首页" } };

/** An address that leads nowhere. */
export function NothingHere() {
  const said = useWords(words);
  return <Result status="404" title={said.title} extra={<Link to="/">{said.home}</Link>} />;
}
