import { expect, test } from "vitest";
import { resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";

test("a decimal that is declared without a scale has that of its column", async () => {
  const machine = await newMachine();
  const columns = {
    sized: { dataType: "decimal", precision: 20 },
    scaled: { dataType: "decimal", scale: 4 },
    plain: { dataType: "decimal" },
  } as const;
  const row = { sized: "1.5", scaled: "2.25", plain: "3.125" };
  await machine.pipeline().run(resource({ name: "prices", columns }, () => [row]));
  expect(
    await machine.query(
      "SELECT typeof(sized) AS t1, CAST(sized AS TEXT) AS v1, typeof(scaled) AS t2, CAST(scaled AS TEXT) AS v2, typeof(plain) AS t3, CAST(plain AS TEXT) AS v3 FROM prices",
    ),
  ).toEqual([
    {
      t1: "DECIMAL(20,9)",
      v1: "1.500000000",
      t2: "DECIMAL(38,4)",
      v2: "2.2500",
      t3: "DECIMAL(38,9)",
      v3: "3.125000000",
    },
  ]);
});
