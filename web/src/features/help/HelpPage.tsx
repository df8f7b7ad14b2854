import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { Alert, Flex, Grid, Select, Typography } from "antd";
import { useEffect, type MouseEvent } from "react";

import { Asked } from "@/shared/look/Asked";
import { PageTitle } from "@/shared/look/PageTitle";
import { width } from "@/shared/look/tokens";
import { useLanguage, useWords } from "@/shared/words/words";

import { GROUPS, pagesIn, readPage, type DocPage } from "./docs";
import { words } from "./words";

/** A page of the documentation, served by this platform; without a name, what pages there are. */
export function HelpPage() {
  const said = useWords(words);
  const { language } = useLanguage();
  const isWide = Grid.useBreakpoint().lg ?? false;
  const { _splat: path = "" } = useParams({ strict: false });
  const pages = pagesIn(language);
  const page = pages.find((one) => one.path === path);
  return (
    <Flex vertical gap="middle">
      <PageTitle text={page ? said.titled(page.title) : said.title} />
      <Flex gap="large" align={isWide ? "start" : "stretch"} vertical={!isWide}>
        {path === "" || isWide ? <Contents pages={pages} here={path} /> : <Chooser pages={pages} here={path} />}
        {page && <Article page={page} isForeign={language === "zh" && !page.file.includes("/zh-CN/")} />}
        {path !== "" && !page && <Alert type="warning" showIcon title={said.missing} description={<Link to="/help/$">{said.first}</Link>} />}
      </Flex>
    </Flex>
  );
}

interface ContentsProps {
  pages: readonly DocPage[];
  here: string;
}

function Contents({ pages, here }: ContentsProps) {
  const said = useWords(words);
  return (
    <nav aria-label={said.pages} style={{ width: width.tree, flex: "none" }}>
      <Flex vertical gap="middle">
        {GROUPS.map((group) => (
          <Flex key={group} vertical gap="small">
            <Typography.Text strong>{said[group]}</Typography.Text>
            {pages
              .filter((page) => page.group === group)
              .map((page) => (
                <Link key={page.path} to="/help/$" params={{ _splat: page.path }} {...(page.path === here ? { "aria-current": "page" as const } : {})}>
                  {page.path === here ? <strong>{page.title}</strong> : page.title}
                </Link>
              ))}
          </Flex>
        ))}
      </Flex>
    </nav>
  );
}

function Chooser({ pages, here }: ContentsProps) {
  const said = useWords(words);
  const go = useNavigate();
  const options = GROUPS.map((group) => ({
    label: said[group],
    options: pages.filter((page) => page.group === group).map(({ path, title }) => ({ value: path, label: title })),
  }));
  return (
    <Select
      aria-label={said.pages}
      value={here}
      options={options}
      onChange={(path: string) => void go({ to: "/help/$", params: { _splat: path } })}
      style={{ width: "100%" }}
    />
  );
}

function Article({ page, isForeign }: { page: DocPage; isForeign: boolean }) {
  const said = useWords(words);
  const { history } = useRouter();
  const query = useQuery({ queryKey: ["help", page.file], queryFn: () => readPage(page), staleTime: Infinity });
  const isHere = query.data !== undefined;
  useEffect(() => {
    const heading = decodeURIComponent(window.location.hash.slice(1));
    if (isHere && heading !== "") document.getElementById(heading)?.scrollIntoView();
  }, [isHere, page.file]);
  const follow = (event: MouseEvent): void => {
    const link = event.target instanceof HTMLElement ? event.target.closest("a") : null;
    const address = link?.getAttribute("href") ?? "";
    if (!address.startsWith("/help/") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.push(address);
  };
  return (
    <Flex vertical gap="middle" className="grows">
      {isForeign && <Alert type="info" title={said.onlyEnglish} />}
      <Asked query={query}>
        {(html) => <article className="docs" lang={isForeign ? "en" : undefined} onClick={follow} dangerouslySetInnerHTML={{ __html: html }} />}
      </Asked>
    </Flex>
  );
}
