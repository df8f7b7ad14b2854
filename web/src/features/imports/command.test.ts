import { expect, test } from "vitest";

import { commandOf } from "./command";

test("a command says all that was chosen, as a shell takes it", () => {
  const options = {
    duplicates: "overwrite",
    mapping: { connection: { "dws test": "dws" } },
    hold: { queue: ["q"] },
    act: "import-job",
  } as const;
  expect(commandOf("import", "a b.zip", { ...options, hold: { queue: ["q"] } }, "sales")).toBe(
    "jobferry import 'a b.zip' -w sales --duplicates overwrite --map 'connection:dws test=dws' --hold queue:q --act import-job",
  );
});
