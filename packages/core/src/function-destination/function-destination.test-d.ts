// What must type-check with a function as a destination, and what must not. `tsc` is the test.
import { type DestinationFactory, destination } from "../authoring/destination.js";
import { secret, setting } from "../authoring/settings.js";
import type { ColumnBatch } from "../contract/batch.js";
import type { Secret } from "../contract/config.js";
import type { LoadRow, PreparedTable } from "../contract/destination.js";
import type { BatchContext } from "./function-options.js";

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Eq<A, B>): void {}
interface User {
  readonly id: number;
  readonly email: string | null;
}

destination("rows", (rows, table, context) => {
  same<typeof rows, LoadRow[]>(true);
  same<typeof table, PreparedTable>(true);
  same<typeof context.state, Record<string, unknown>>(true);
  same<typeof context.signal, AbortSignal>(true);
});
destination("typed", async (users: User[]) => users[0]?.email);
destination("typed", async (users: readonly User[]) => users[0]?.email, { batchSize: 100 });

const api = destination(
  "api",
  async (users: User[], _table, { config }) => {
    same<typeof config, { readonly apiKey: Secret; readonly limit: number }>(true);
    same<(typeof users)[number], User>(true);
  },
  { config: { apiKey: secret(), limit: setting({ default: 5 }) }, batchSize: 50 },
);
api({ apiKey: "plain", limit: 7, destinationName: "other" });
api();
// @ts-expect-error there is no such setting
api({ key: "plain" });
// @ts-expect-error it is a number
api({ limit: "7" });

destination("columns", (batch) => same<typeof batch, ColumnBatch>(true), {
  loaderFileFormat: "parquet",
  batchSize: 1000,
});
destination("files", (path) => same<typeof path, string>(true), { batchSize: 0 });
destination("files", async (path) => path.endsWith(".parquet"), { batchSize: 0, loaderFileFormat: "parquet" });
// @ts-expect-error columns are no rows
destination("columns", (rows: User[]) => rows.length, { loaderFileFormat: "parquet" });
// @ts-expect-error there is no such format
destination("rows", () => undefined, { loaderFileFormat: "csv" });
// @ts-expect-error there is no such option
destination("rows", () => undefined, { batchsize: 5 });
// @ts-expect-error something has to take the rows
destination("rows");

export const factory: DestinationFactory<Record<never, never>> = destination("rows", () => undefined);
export const shared = async (_: readonly object[], __: PreparedTable, { batchId }: BatchContext): Promise<string> =>
  batchId;
destination("shared", shared, { batchSize: 5 });
