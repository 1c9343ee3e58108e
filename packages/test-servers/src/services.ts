import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Servers that npm does not bring. Each is a program on the `PATH`, or what a variable names: the URL of one that runs already, or the
 * folder of the programs of PostgreSQL.
 */
const services = {
  gcs: { program: "fake-gcs-server", variable: "DLT_TEST_GCS_ENDPOINT" },
  pgbouncer: { program: "pgbouncer", variable: null },
  postgres: { program: null, variable: "DLT_TEST_POSTGRES" },
  s3: { program: "versitygw", variable: "DLT_TEST_S3_ENDPOINT" },
} as const;

export type ServiceName = keyof typeof services;

/**
 * False where tests of a service are to be skipped. True also for one that is missing and in `DLT_TEST_REQUIRE`, e.g. `s3,gcs`: there its
 * start fails.
 */
export function isUsable(name: ServiceName): boolean {
  const { program } = services[name];
  return namedService(name) !== undefined || (program !== null && isOnPath(program)) || isRequired(name);
}

/** What the variable of a service says. */
export function namedService(name: ServiceName): string | undefined {
  const { variable } = services[name];
  return variable === null ? undefined : process.env[variable];
}

function isRequired(name: ServiceName): boolean {
  return (process.env["DLT_TEST_REQUIRE"] ?? "").split(",").includes(name);
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
