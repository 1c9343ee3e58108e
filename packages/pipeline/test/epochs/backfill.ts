import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Resource, resource } from "../../src/index.js";

export const pageCount = 1_000;
export const rowsOfPage = 5;
/** Epochs of fifty pages. */
export const everyRows = 250;

/** A thousand pages whose next one is kept in the state; each page that is fetched is noted in a file. */
export function backfill(
  folder: string,
  onPage: (page: number, signal: AbortSignal) => void | Promise<void> = () => undefined,
): Resource {
  return resource({ name: "events", primaryKey: "id" }, async function* (context) {
    for (let page = Number(context.state["next"] ?? 0); page < pageCount; page++) {
      appendFileSync(join(folder, "fetched"), `${page}\n`);
      await onPage(page, context.signal);
      yield Array.from({ length: rowsOfPage }, (_, row) => ({ id: page * rowsOfPage + row, page, tags: ["a", "b"] }));
      context.state["next"] = page + 1;
      context.checkpoint();
    }
  });
}

/** The pages that were fetched, in order. */
export function fetchedPages(folder: string): readonly number[] {
  const path = join(folder, "fetched");
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").map(Number) : [];
}
