import { Card, Flex, Typography } from "antd";
import type { ReactNode } from "react";

import { LanguageSwitch } from "@/shared/look/LanguageSwitch";
import { space, width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";

import { SignInForm } from "./SignInForm";
import { words } from "./words";

/** A card in the middle of an empty page. */
export function Gate({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Flex vertical align="center" justify="center" component="main" style={{ minHeight: "100dvh", padding: space.medium }}>
      <Card style={{ width: "100%", maxWidth: width.form }}>
        <Typography.Title level={1} style={{ marginTop: 0 }}>
          {title}
        </Typography.Title>
        {text && <Typography.Paragraph type="secondary">{text}</Typography.Paragraph>}
        {children}
      </Card>
      <Flex style={{ marginTop: space.medium }}>
        <LanguageSwitch />
      </Flex>
    </Flex>
  );
}

/** What somebody sees who is not signed in. */
export function SignInPage() {
  const said = useWords(words);
  return (
    <Gate title={said.title}>
      <SignInForm />
    </Gate>
  );
}
