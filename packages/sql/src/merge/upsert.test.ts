import { expect, test } from "vitest";
import { deleted, golden, key, nested, otherKey, root, scripts } from "../../test/chains.js";
import { duck, elephant } from "../../test/dialects.js";

test.each([duck, elephant])("upsert on $name", async (dialect) => {
  const hints = { mergeStrategy: "upsert" } as const;
  const cases = {
    "by a primary key": [root([key], hints)],
    "nested, by a primary key of two columns, with a flag for deleted rows": [
      root([key, otherKey, deleted], hints),
      ...nested,
    ],
  };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("upsert", dialect));
});

test.each([duck, elephant])("insert-only on $name", async (dialect) => {
  const hints = { mergeStrategy: "insert-only" } as const;
  const cases = {
    "by a primary key": [root([key], hints)],
    "nested, with a flag for deleted rows": [root([key, deleted], hints), ...nested],
  };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("insert-only", dialect));
});
