import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Flex, Spin } from "antd";
import { useEffect, useRef } from "react";

import { Failure } from "@/shared/look/Failure";
import { space } from "@/shared/look/tokens";
import { useSession } from "@/shared/session/session";
import { useWords } from "@/shared/words/words";

import { comeBack } from "./provider";
import { Gate } from "./SignInPage";
import { words } from "./words";

/** Where the provider sends a browser back to; `done` goes on with the page that it came from. */
export function ReturnPage({ said, done }: { said: URLSearchParams; done: (back: string) => void }) {
  const text = useWords(words);
  const { begin } = useSession();
  const refused = said.get("error");
  const { mutate, ...coming } = useMutation({
    mutationFn: async () => {
      const { session, back } = await comeBack(said);
      await begin(session, true);
      return back;
    },
    onSuccess: done,
  });
  const hasBegun = useRef(refused !== null);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true; // a code is good for one time
    mutate();
  }, [mutate]);
  return (
    <Gate title={text.title}>
      <Flex vertical gap={space.medium}>
        {refused !== null && (
          <Alert type="error" showIcon title={text.refused} description={said.get("error_description") ?? refused} />
        )}
        {coming.isError && <Failure error={coming.error} />}
        {refused !== null || coming.isError ? <Button href="/">{text.signInAgain}</Button> : <Spin description={text.signingIn} />}
      </Flex>
    </Gate>
  );
}
