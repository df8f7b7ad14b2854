import { expect, test } from "vitest";

import { isWhole, mappingOf, namesOf, partsOf } from "./names";

const names = namesOf({ connections: { dwh_test: "dwh_prod", lake: "lake" }, databases: { dw: " dw " }, clusters: {} });

test("only names that change are mapped", () => {
  expect(mappingOf(names)).toEqual({ connection: { dwh_test: "dwh_prod" } });
  expect(mappingOf({ ...names, connection: { dwh_test: "dwh_test" }, cluster: { a: "b " } })).toEqual({ cluster: { a: "b" } });
});

test("a name without one to be called by is told", () => {
  expect(isWhole(names)).toBe(true);
  expect(isWhole({ ...names, database: { dw: " " } })).toBe(false);
});

test("environment variables lie apart from what an import takes", () => {
  const file = (path: string, objects: number) => ({ path, objects, size: 1, sha256: "" });
  const env = file("1_env/variables-12345678.zip", 2);
  expect(partsOf([env, file("3_scripts/scripts-12345678.zip", 3), file("4_jobs/jobs-12345678.zip", 4)])).toEqual({ variables: env, objects: 7 });
  expect(partsOf([]).variables).toBeNull();
});
