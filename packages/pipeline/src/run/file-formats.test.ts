import { expect, test, vi } from "vitest";
import { builtInFormats } from "../normalize/built-in-formats.js";
import { formatChoice } from "./file-formats.js";

const destination = {
  name: "lake",
  capabilities: { preferredFileFormat: "parquet", fileFormats: ["parquet", "jsonl"] },
} as unknown as Parameters<typeof formatChoice>[0];

test("a format that the destination does not take gives a warning, once, and the preferred format", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const choice = formatChoice(destination, builtInFormats());
  for (const table of ["users", "orders"]) choice.note(table, "xml");
  for (const known of ["preferred", "jsonl", undefined, null]) choice.note("users", known);
  expect(choice.formatFor("orders").name).toBe("parquet");
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "Destination `lake` loads no files of the format `xml`, which table `users` asks for. It gets `parquet`.",
  ]);
  expect(warn.mock.calls[0]?.[1]).toMatchObject({
    detail: "It loads `parquet`, `jsonl`: give one of them as `loaderFileFormat` or `fileFormat`.",
  });
});
