import { QuestionCircleOutlined } from "@ant-design/icons";
import { Link, useRouterState } from "@tanstack/react-router";
import { Button } from "antd";

import { helpFor } from "@/app/help";
import { useWords } from "@/shared/words/words";

import { words } from "./words";

/** The way to the page of the documentation that explains this one. */
export function HelpLink() {
  const said = useWords(words);
  const page = useRouterState({ select: (state) => helpFor(state.location.pathname) });
  return (
    <Link to="/help/$" params={{ _splat: page }} aria-label={said.help} title={said.help}>
      <Button type="text" icon={<QuestionCircleOutlined aria-hidden />} tabIndex={-1} aria-hidden />
    </Link>
  );
}
