import { expect, test } from "vitest";

import { namesOf } from "./names";

test("each line is a name, once, without what is around it", () => {
  expect(namesOf(" orders\r\n\n订单 \norders\n")).toEqual(["orders", "订单"]);
});
