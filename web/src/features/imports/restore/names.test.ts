import { expect, test } from "vitest";

import { isWhole, mappingOf, namesOf, partsOf, typedIn, withTyped } from "./names";

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

test("what was typed is there again after a reload, and nothing else gets in", () => {
  const typed = { ...names, connection: { ...names.connection, lake: "lake two" }, database: { dw: "" } };
  expect(withTyped(names, typedIn(typed, names))).toEqual(typed);
  expect(typedIn(names, names)).toBe("");
  for (const address of ["", "no JSON", "{}", "[1]", '[["connection","gone","x"],["other","lake","x"],["connection","lake",1]]']) {
    expect(withTyped(names, address)).toEqual(names);
  }
});
