import { expect, test } from "vitest";
import { memoryStore } from "./memory-store.js";
import { readText } from "./read-file.js";
import { fileStoreConformance } from "./testing.js";

fileStoreConformance({
  name: "memory",
  open: () => memoryStore().open({ scheme: "memory", bucket: "b", path: "" }),
});

test("a store that is opened again has the same files, another bucket has others", async () => {
  const provider = memoryStore();
  const first = await provider.open({ scheme: "memory", bucket: "b", path: "x" });
  await first.put("a", new TextEncoder().encode("content"));
  const again = await provider.open({ scheme: "memory", bucket: "b", path: "" });
  expect(await readText(again, "x/a")).toBe("content");
  const other = await provider.open({ scheme: "memory", bucket: "c", path: "x" });
  expect(await other.stat("a")).toBeNull();
});

test("what was put is not changed from outside", async () => {
  const store = await memoryStore().open({ scheme: "memory", bucket: "b", path: "" });
  const bytes = new TextEncoder().encode("content");
  await store.put("a", bytes);
  bytes.fill(0);
  expect(await readText(store, "a")).toBe("content");
});
