import { setTimeout } from "node:timers/promises";
import { incremental, resource } from "@dlt/pipeline";

interface Order {
  readonly id: number;
  readonly total: number;
}

const pageSize = 500;

/** The orders of a shop up to number `last`, from a slow API. They come in order, so that a run can be resumed behind each page. */
export function orders(last: number) {
  return resource(
    { name: "orders", primaryKey: "id", incremental: incremental("id", { initialValue: 0, rowOrder: "asc" }) },
    async function* ({ incremental: cursor, signal }) {
      for (let first = Number(cursor.startValue) + 1; first <= last; first += pageSize) {
        const length = Math.min(pageSize, last - first + 1);
        yield Array.from({ length }, (_, index): Order => ({ id: first + index, total: ((first + index) % 97) / 4 }));
        await setTimeout(10, undefined, { signal });
      }
    },
  );
}
