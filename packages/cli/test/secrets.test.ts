import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newProject } from "./project.js";

const mark = "canary0ab1c2";

test("no output and no file of a command has a secret: run, trace, failure with --debug, doctor", async () => {
  const { dlt, write, folder } = await newProject();
  await write(
    "shop.ts",
    `import { pipeline, resource, secret, source } from "@dlt/pipeline";
const shop = source({ name: "shop", config: { fromEnv: secret(), fromFile: secret() } }, ({ fromEnv, fromFile }) => [
  resource({ name: "orders" }, () => [{ id: 1, length: fromEnv.reveal().length + fromFile.reveal().length, fromEnv }]),
  resource({ name: "broken" }, () => { throw new Error(\`refused \${fromFile}\`, { cause: { fromFile } }); }),
]);
const made = shop();
console.log(made, { made });
const p = pipeline({ pipelineName: "shop", destination: "duckdb", datasetName: "data" });
await p.run(process.argv.includes("fail") ? made : made.withResources("orders"));`,
  );
  await write(".dlt/secrets.toml", `[sources.shop]\nfrom_file = "${mark}-file"\n`);
  const env = {
    SOURCES__SHOP__FROM_ENV: `${mark}-env`,
    DESTINATION__POSTGRES__CREDENTIALS: `postgresql://loader:${mark}-password@127.0.0.1:1/shop?connect_timeout=1`,
  };
  const ran = await dlt(["pipeline", "shop.ts", "run", "--json"], { env });
  const failed = await dlt(["--debug", "pipeline", "shop.ts", "run", "--", "fail"], { env });
  const doctor = await dlt(["doctor", "postgres", "--json"], { env });
  await write(".dlt/secrets.toml", `[sources.shop]\nfrom_file = ${mark}-broken\n`);
  const unreadable = await dlt(["--debug", "pipeline", "shop", "trace"], { env });

  expect([ran.code, failed.code, doctor.code, unreadable.code]).toEqual([0, 1, 1, 1]);
  expect(failed.err).toMatch(/RESOURCE_FAILED[^]*refused \[secret\]/);
  expect(doctor.out).toContain("postgresql://loader@127.0.0.1:1/shop");
  expect(unreadable.err).toMatch(/CONFIG_FILE_INVALID[^]*line 2, column 13/);
  for (const { out, err } of [ran, failed, doctor, unreadable]) expect(out + err).not.toContain(mark);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const withMark: string[] = [];
  for (const { parentPath, name } of files) {
    if ((await readFile(join(parentPath, name), "latin1")).includes(mark)) withMark.push(name);
  }
  expect(files.length).toBeGreaterThan(5);
  expect(withMark).toEqual(["secrets.toml"]);
});
