import { expect, test } from "vitest";

import { optionsOf, saidOf, type Said } from "./options";

const asked = { location: "local", duplicates: "skip", status: "saved" } as const;

test("parameters go to every job, or to the one that is named", () => {
  const params = [{ name: "day", value: "1" }, { name: "day", value: "2", job: "orders" }, { name: "" }, undefined];
  const options = optionsOf({ ...asked, params }, "import-job");
  expect(options.params).toEqual({ day: "1" });
  expect(options.job_params).toEqual({ orders: { day: "2" } });
});

test("a time zone that is not said has no mode either", () => {
  expect(optionsOf({ ...asked, zoneMode: "convert" }, "import-job").zone_mode).toBeNull();
  expect(optionsOf({ ...asked, timeZone: "UTC", zoneMode: "convert" }, "import-job").zone_mode).toBe("convert");
  expect(optionsOf({ ...asked, executeUser: " " }, "import-job").execute_user).toBeNull();
});

test("options that a check went by fill the form again", () => {
  const params = [{ name: "day", value: "1" }, { name: "day", value: "2", job: "orders" }];
  const options = optionsOf({ ...asked, params, executeUser: "etl", timeZone: "UTC", zoneMode: "convert", approvers: ["li"] }, "import-job");
  const preset = { duplicates: "overwrite", target_status: "production" } as const;
  expect(optionsOf({ location: "local", ...saidOf(options, preset) } as Said, "import-job")).toEqual(options);
  expect(saidOf({}, preset)).toMatchObject({ duplicates: "overwrite", status: "production" });
});
