import { isDltError } from "@dlt/core";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad } from "../direct-load.js";
import { expectRows } from "../stored-rows.js";
import { userRows, users } from "./users.js";

const tests: readonly ConformanceTest[] = [
  {
    name: "the location that people see has no secrets",
    async run(trial) {
      const { displayLocation } = await trial.connect();
      expect(displayLocation).not.toBe("");
      for (const secret of trial.secrets) expect(displayLocation).not.toContain(secret);
    },
  },
  {
    name: "a load file that is gone is an error of the library, without secrets and rows, and leaves nothing",
    async run(trial) {
      const client = await trial.connect();
      const load = await directLoad(trial, {
        number: 1,
        tables: [users],
        files: [{ table: "users", rows: userRows(2, "a secret name ") }],
      });
      await client.prepare(load.plan);
      const [file] = load.files;
      if (file === undefined) throw new TypeError("The load has a file.");
      const at = { path: `${trial.folder}/not-there` };
      const error: unknown = await client
        .createJob({ ...file, at })
        .run(new AbortController().signal)
        .then(
          () => null,
          (reason: unknown) => reason,
        );
      if (!isDltError(error)) throw new Error("It is no error of the library.", { cause: error });
      const shown = `${error.message} ${error.hint ?? ""} ${JSON.stringify(error.context)}`;
      for (const secret of [...trial.secrets, "a secret name"]) expect(shown).not.toContain(secret);
      expect(error.retryable).toBe(false);
      await expectRows(trial, users, []);
    },
  },
];

export const errors: ConformanceArea = { name: "errors", isEssential: false, testsFor: () => tests };
