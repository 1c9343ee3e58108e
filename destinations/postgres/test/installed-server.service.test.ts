import { isUsable } from "@dlt/test-servers";
import { beforeAll, describe, expect, test } from "vitest";

const tests = [
  "client",
  "connection",
  "csv",
  "errors",
  "follow-ups",
  "injection",
  "killed-job",
  "load-job",
  "sql-client",
  "state-store",
  "types",
];

describe("on a server that is installed", async () => {
  beforeAll(() => expect(process.env["DLT_TEST_POSTGRES"], "folder of the server's programs").toBeDefined());
  if (!isUsable("postgres")) test.skip("there is none", () => undefined);
  else for (const name of tests) await import(`./${name}.test.ts`);
});
