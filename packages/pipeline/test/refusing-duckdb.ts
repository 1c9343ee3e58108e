import { type Destination, type DestinationClient, DestinationError } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";

/** DuckDB that refuses the files of a table as long as `refuses` says so, for good or, with `busy`, for now. */
export function refusingDuckdb(database: string, refuses: (table: string) => boolean | "busy"): Destination {
  const real = duckdb({ credentials: database });
  return {
    ...real,
    connect: async (config, options) => refusing(await real.connect(config as never, options), refuses),
  };
}

function refusing(client: DestinationClient, refuses: (table: string) => boolean | "busy"): DestinationClient {
  return new Proxy(client, {
    get(target, property) {
      if (property !== "createJob") {
        const member: unknown = Reflect.get(target, property, target);
        return typeof member === "function" ? member.bind(target) : member;
      }
      return (file: Parameters<DestinationClient["createJob"]>[0]) => {
        const job = target.createJob(file);
        const run = (signal: AbortSignal) => {
          const refused = refuses(file.table.name);
          if (refused === false) return job.run(signal);
          const retryable = refused === "busy";
          return Promise.reject(
            new DestinationError("DESTINATION_VALUE_REFUSED", "A value does not fit.", { hint: "Look.", retryable }),
          );
        };
        return { id: job.id, run };
      };
    },
  });
}
