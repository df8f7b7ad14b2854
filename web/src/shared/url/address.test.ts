import { expect, test } from "vitest";

import { readAddress, writeAddress } from "./address";

test("an address keeps texts as they are, and leaves out what is empty", () => {
  expect(writeAddress({ name: "订单 1", page: "02", verdict: "", kind: undefined })).toBe("?name=%E8%AE%A2%E5%8D%95+1&page=02");
  expect(readAddress("?page=02&flag=true")).toEqual({ page: "02", flag: "true" });
  expect(writeAddress({})).toBe("");
});
