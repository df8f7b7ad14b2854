import { expect, test } from "vitest";

import { commandOf } from "./command";

const nothing = { directory: "/", tags: [], approval: {} };

test("tags go to many jobs, and from them, by one command that takes the locks too", () => {
  const chosen = { ...nothing, tags: ["weekly", "of the month"] };
  expect(commandOf("job", "tag", ["orders", "订单"], chosen, "dev")).toBe(
    "jobferry tag add weekly 'of the month' --job orders --job '订单' --lock -w dev",
  );
  expect(commandOf("job", "untag", ["orders"], nothing, "dev")).toBe("jobferry tag remove TAG --job orders --lock -w dev");
});

test("what a command does with one object is done with each, as it was chosen", () => {
  const approval = { note: "month end", approvers: ["zhao"] };
  expect(commandOf("script", "submit", ["a", "b"], { ...nothing, approval }, "dev")).toBe(
    `for name in a b; do jobferry script submit "$name" --note 'month end' --approver zhao --lock -w dev; done`,
  );
  expect(commandOf("resource", "move", ["a"], { ...nothing, directory: "/x" }, "dev")).toBe(
    'for name in a; do jobferry resource move "$name" /x -w dev; done',
  );
  expect(commandOf("job", "delete", ["a"], nothing, "dev")).toBe('for name in a; do jobferry job delete "$name" --yes -w dev; done');
});

test("locks of scripts are released as those of scripts", () => {
  expect(commandOf("script", "unlock", ["a", "b"], nothing, "dev")).toBe("jobferry lock release a b --script -w dev");
});
