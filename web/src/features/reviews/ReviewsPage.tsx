import { Flex, Segmented, Tabs } from "antd";

import { PageTitle } from "@/shared/look/PageTitle";
import { space } from "@/shared/look/tokens";
import { useManualWords, useWorkspace } from "@/shared/session/workspace";
import { useAddress } from "@/shared/url/address";

import type { ReviewKind } from "./api";
import { ReviewTable } from "./ReviewTable";
import { Waiting } from "./Waiting";
import { easydata, words } from "./words";

const CLEARED = { page: "", state: "", name: "", picked: "" };

/** What waits for somebody's decision, what was decided, and what waits for a release. */
export function ReviewsPage() {
  const said = useManualWords(words, easydata);
  const { settings } = useWorkspace();
  const [address, change] = useAddress();
  const isEnterprise = settings["mode"] === "enterprise";
  const kind: ReviewKind = (address["kind"] ?? (isEnterprise ? "release" : "review")) === "release" ? "release" : "review";
  const waiting = { key: "waiting", label: said.tabWaiting };
  const tabs = [
    { key: "pending", label: said.tabPending },
    { key: "reviewed", label: said.tabReviewed },
    { key: "mine", label: said.tabMine },
    { key: "all", label: said.tabAll },
    ...(kind === "release" ? [waiting] : []),
  ];
  const tab = tabs.find(({ key }) => key === address["tab"])?.key ?? "pending";
  return (
    <Flex vertical gap={space.medium}>
      <PageTitle text={said.title}>
        {(isEnterprise || kind === "release") && (
          <Segmented<ReviewKind>
            value={kind}
            options={[
              { value: "review", label: said.reviews },
              { value: "release", label: said.releases },
            ]}
            onChange={(next) => change({ ...CLEARED, kind: next, tab: "" })}
          />
        )}
      </PageTitle>
      <Tabs activeKey={tab} items={tabs} onChange={(next) => change({ ...CLEARED, tab: next === "pending" ? "" : next })} />
      {tab === "waiting" ? <Waiting /> : <ReviewTable key={`${kind}/${tab}`} kind={kind} tab={tab as "pending" | "reviewed" | "mine" | "all"} />}
    </Flex>
  );
}
