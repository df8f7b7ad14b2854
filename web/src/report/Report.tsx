import { Alert, Card, Descriptions, Flex, Layout, Typography } from "antd";

import { OneFinding } from "@/features/imports/Findings";
import { LanguageSwitch } from "@/shared/look/LanguageSwitch";
import { Marked } from "@/shared/look/Marked";
import { space } from "@/shared/look/tokens";
import { useTimes } from "@/shared/words/times";
import { useLanguage, useWords } from "@/shared/words/words";

import type { ReportData } from "./data";
import { Rows } from "./Rows";
import { words } from "./words";

/** A report to be carried: what a check, a plan, a receipt or a comparison says. */
export function Report({ data }: { data: ReportData }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const refusal = data.refusal[language];
  return (
    <Layout style={{ minHeight: "100dvh" }}>
      <Layout.Content role="main" style={{ padding: space.large }}>
        <Flex vertical gap={space.medium}>
          <Flex justify="space-between" align="start" gap="small" wrap>
            <Typography.Title level={1} className="beside" style={{ margin: 0 }}>
              {said[data.about](data.title)}
            </Typography.Title>
            <LanguageSwitch />
          </Flex>
          <Facts data={data} />
          {data.refused && <Alert type="error" showIcon title={said.refused} />}
          {refusal ? <Alert type="error" showIcon title={<Marked text={`${said.unread}${refusal.message}`} />} description={refusal.hint && <Marked text={refusal.hint} />} /> : <Rows data={data} />}
          {data.findings.length > 0 && (
            <Card title={`${said.findings} (${data.findings.length.toLocaleString()})`}>
              <Flex vertical gap={space.medium}>
                {data.findings.map((finding) => (
                  <OneFinding key={finding.number} finding={finding} />
                ))}
              </Flex>
            </Card>
          )}
          <Typography.Text type="secondary">{said.made}</Typography.Text>
        </Flex>
      </Layout.Content>
    </Layout>
  );
}

/** What it is about, as far as that is known. */
function Facts({ data }: { data: ReportData }) {
  const said = useWords(words);
  const time = useTimes();
  const all = {
    workspace: data.workspace,
    source: data.source,
    by: data.by,
    at: data.at ? time(data.at) : "",
    comment: data.comment,
    digest: data.digest,
  };
  const items = (Object.keys(all) as (keyof typeof all)[])
    .filter((key) => all[key])
    .map((key) => ({ key, label: said[key], children: <span className="beside">{all[key]}</span> }));
  return items.length > 0 ? <Descriptions size="small" column={{ xs: 1, md: 2 }} items={items} /> : null;
}
