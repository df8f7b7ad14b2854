import { Flex, Spin } from "antd";

import { SignInAgain } from "@/features/sign-in/SignInAgain";
import { SignInPage } from "@/features/sign-in/SignInPage";
import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { useSession } from "@/shared/session/session";

import { Frame } from "./frame/Frame";

/** The frame with its page, for whoever is signed in; the way in for all others. */
export function SignedIn() {
  const { state, me, failure, askAgain } = useSession();
  if (failure !== null) {
    return (
      <Flex component="main" style={{ padding: space.large }}>
        <Failure error={failure} again={askAgain} />
      </Flex>
    );
  }
  if (state === "asking") return <Asking />;
  if (me === null) return <SignInPage />;
  return (
    <>
      <Frame />
      {state === "ended" && <SignInAgain name={me.name} />}
    </>
  );
}

/** A page of its own colour: a veil over nothing would flash at every start. */
function Asking() {
  return (
    <Flex align="center" justify="center" style={{ minHeight: "100dvh" }}>
      <Spin delay={300} />
    </Flex>
  );
}
