import { postgres } from "@dlt/destination-postgres";
import { destinationConformance } from "../src/conformance.js";
import { freshPostgres, postgresRows } from "./postgres-database.js";

destinationConformance({
  name: "postgres",
  destination: postgres,
  config: async () => ({ credentials: await freshPostgres() }),
  readTable: ({ credentials }, dataset, table) => postgresRows(credentials, dataset, table),
});
