import { join } from "node:path";
import { expect, test } from "vitest";
import { errorPages } from "../src/error-reference.js";
import { repositoryRoot } from "../src/workspace.js";

/** `vitest -u` writes them anew. */
test.each([...errorPages()])("%s says what the sources say", async (page, text) => {
  await expect(text).toMatchFileSnapshot(join(repositoryRoot, page));
});
