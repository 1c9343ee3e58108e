import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resource, source, withFileImport } from "@dlt/core";
import { expect, test } from "vitest";
import { newMachine } from "../new-machine.js";

/** Something that others wait for. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("files that were held are loaded by what another resource, whose rows are held, declared of their table", async () => {
  const machine = await newMachine();
  const [declared, loaded] = [gate(), gate()];
  const text = { dataType: "text" } as const;
  const columns = { id: { dataType: "bigint" }, amount: text, _dlt_id: text, _dlt_load_id: text } as const;
  const table = { tableName: "t", columns };
  const declaring = resource({ name: "declaring", ...table }, async function* () {
    yield [{ id: 1, amount: 1 }];
    declared.open();
    await loaded.opened;
    yield [{ id: 2, amount: 2 }];
  });
  const files = resource({ name: "files", ...table }, async function* ({ checkpoint }) {
    await declared.opened;
    for (let id = 3; id < 6; id++) {
      const file = join(machine.folder, `${id}.jsonl`);
      writeFileSync(file, `{"id":${id},"amount":"${id}","_dlt_id":"${id}","_dlt_load_id":"1"}\n`);
      yield withFileImport(file, "jsonl", { rowCount: 1 });
      checkpoint();
    }
    loaded.open();
  });
  const info = await machine
    .pipeline()
    .run(source({ name: "shop" }, () => [declaring, files])(), { checkpoint: { everyRows: 1 } });
  expect(info.loadsIds.length).toBeGreaterThan(1);
  expect(await machine.query("SELECT id, amount FROM t ORDER BY id")).toEqual(
    [1, 2, 3, 4, 5].map((id) => ({ id, amount: id })),
  );
  expect(await machine.query("SELECT DISTINCT typeof(amount) AS type FROM t")).toEqual([{ type: "VARCHAR" }]);
});
