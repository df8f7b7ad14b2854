import { Link, useParams } from "@tanstack/react-router";
import { Flex } from "antd";

import { PageTitle } from "@/shared/look/PageTitle";
import { useMe } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { Keys } from "./Keys";
import { Password } from "./Password";
import { Tokens } from "./Tokens";
import { words } from "./words";

export { UsersPage } from "./UsersPage";

/** What the reader signs in with: password, tokens, key pairs. */
export function AccessPage() {
  const said = useWords(words);
  const { name } = useMe();
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.access} />
      <Password />
      <Tokens user={name} />
      <Keys user={name} />
    </Flex>
  );
}

/** Tokens and key pairs of somebody, for operations. */
export function UserPage() {
  const said = useWords(words);
  const { user } = useParams({ from: "/signed-in/platform/users/$user" });
  return (
    <Flex vertical gap="middle">
      <PageTitle text={said.accessOf(user)}>
        <Link to="/platform/users">{said.back}</Link>
      </PageTitle>
      <Tokens user={user} />
      <Keys user={user} />
    </Flex>
  );
}
