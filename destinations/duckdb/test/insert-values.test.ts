import { truncateSync, writeFileSync } from "node:fs";
import type { Column, FileFormat } from "@dlt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duckdb } from "../src/index.js";
import { errorOf, newFolder, openClient, plan, query, run, table, writtenFile } from "./support.js";

const [format] = duckdb().fileFormats ?? [];
const insertValues = format as FileFormat;

function textColumn(name: string, texts: readonly string[], dataType: "text" | "json" | "decimal" = "text"): Column {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = Number(offsets[index]) + part.length;
  return {
    name,
    type: { dataType },
    validity: null,
    layout: "bytes",
    offsets,
    data: Uint8Array.from(Buffer.concat(parts)),
  };
}

describe("a file of insert_values", () => {
  it("brings any texts and documents, run twice or not", async () => {
    const notes = table("notes", [
      { name: "text", dataType: "text" },
      { name: "doc", dataType: "json" },
    ]);
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([notes]));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), async (texts) => {
        const docs = texts.map((text) => JSON.stringify({ [text]: text }));
        const columns = [textColumn("text", texts), textColumn("doc", docs, "json")];
        number += 1;
        const batch = { rowCount: texts.length, columns };
        const file = await writtenFile(insertValues, { target: notes, batch, id: `w${number}` });
        expect(await run(client, file)).toMatchObject({ rowCount: texts.length });
        expect(await run(client, file)).toMatchObject({ rowCount: texts.length });
        expect(await query(client, "SELECT text, doc::VARCHAR FROM notes ORDER BY rowid")).toEqual(
          texts.map((text, index) => [text, docs[index]]),
        );
        await query(client, "DELETE FROM notes");
      }),
      { numRuns: 30 },
    );
  });

  it("brings decimals to the last digit, whatever their form", async () => {
    const prices = table("prices", [{ name: "price", dataType: "decimal", precision: 38, scale: 9 }]);
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([prices]));
    const texts = ["12345678901234567890123456789.123456789", "-0.000000001", "1E+3", "1.2345678901234567891E+10", "0"];
    const batch = { rowCount: texts.length, columns: [textColumn("price", texts, "decimal")] };
    await run(client, await writtenFile(insertValues, { target: prices, batch }));
    expect(await query(client, "SELECT price::VARCHAR FROM prices ORDER BY rowid")).toEqual([
      ["12345678901234567890123456789.123456789"],
      ["-0.000000001"],
      ["1000.000000000"],
      ["12345678901.234567891"],
      ["0.000000000"],
    ]);
  });

  it("is inserted in several statements when it is long, and in one transaction", async () => {
    const texts = Array.from({ length: 3000 }, (_, index) => `${index} ${"x".repeat(1000)}`);
    const users = table("users", [{ name: "name", dataType: "text" }]);
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const batch = { rowCount: texts.length, columns: [textColumn("name", texts)] };
    const file = await writtenFile(insertValues, { target: users, batch });
    expect((await errorOf(run(client, { ...file, rowCount: 1 }))).code).toBe("DESTINATION_ROWS_DIFFER");
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
    await run(client, file);
    expect(await query(client, "SELECT count(*), count(DISTINCT name) FROM users")).toEqual([[3000, 3000]]);
  });

  it("says when it is missing, cut off or no text", async () => {
    const users = table("users", [{ name: "name", dataType: "text" }]);
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const batch = { rowCount: 2, columns: [textColumn("name", ["a", "b"])] };
    const file = await writtenFile(insertValues, { target: users, batch });
    const path = "path" in file.at ? file.at.path : "";
    const gone = errorOf(run(client, { ...file, at: { path: `${path}.gone` } }));
    expect(await gone).toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE", retryable: false });
    truncateSync(path, file.bytes - 3);
    expect(await errorOf(run(client, file))).toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE" });
    writeFileSync(path, Uint8Array.of(0x49, 0xff, 0xfe));
    expect(await errorOf(run(client, file))).toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE" });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it.each([
    ["a value out of range", "id", "9".repeat(39)],
    ["null", "id", null],
  ])("with %s is refused as a whole, without showing the value", async (_, name, value) => {
    const counts = table("counts", [{ name, dataType: "wei", nullable: false }]);
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([counts]));
    const column = {
      ...textColumn(name, ["1", value ?? ""], "decimal"),
      validity: Uint8Array.of(value === null ? 1 : 3),
    };
    const file = await writtenFile(insertValues, { target: counts, batch: { rowCount: 2, columns: [column] } });
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_VALUE_REFUSED", false]);
    expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toContain("999");
    expect(await query(client, "SELECT count(*) FROM counts")).toEqual([[0]]);
  });
});
