import { useWords } from "@/shared/words/words";

import { FirstPasswordForm } from "./FirstPasswordForm";
import { Gate } from "./SignInPage";
import { words } from "./words";

/** Where the link of a first start leads; its secret part stays in the browser until a password is chosen. */
export function WelcomePage({ link, done }: { link: string; done: () => void }) {
  const said = useWords(words);
  return (
    <Gate title={said.welcome} text={said.welcomeText}>
      <FirstPasswordForm link={link} done={done} />
    </Gate>
  );
}
