import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import {
  config,
  isDltError,
  pipeline,
  registerProvider,
  resource,
  secret,
  secrets,
  setting,
  source,
  vault,
} from "@dlt/pipeline";
import { servers, ways } from "./destination-settings.js";
import { inProject } from "./project.js";

// A source declares its settings; where they come from is not its concern.
const shop = source(
  {
    name: "shop",
    config: {
      apiKey: secret({ doc: "Key of the API." }),
      perPage: setting({ type: "integer", default: 100, doc: "Orders of a page." }),
      since: setting({ type: "date", optional: true, doc: "First day to load." }),
      region: setting({ choices: ["eu", "us"], default: "eu" }),
    },
  },
  ({ apiKey, perPage, since, region }) => [
    resource({ name: "orders" }, () => [
      {
        id: 1,
        per_page: perPage,
        since: `${since}`,
        region,
        signed_in: apiKey.reveal() === "sesame",
        key: `${apiKey}`,
      },
    ]),
  ],
);

const shopPipeline = (destination?: string) =>
  pipeline({ pipelineName: "shop", datasetName: "data", ...(destination !== undefined && { destination }) });

for (const [name, { destination, loadsTo, ...settings }] of Object.entries(ways)) {
  const there = await inProject(settings, async () => {
    await using p = shopPipeline(destination);
    await p.run(shop({ apiKey: "sesame" }));
  });
  assert.ok(
    there.some((path) => path.startsWith(loadsTo)),
    `${name}: there are ${there.join(", ")}`,
  );
}
console.log(`${Object.keys(ways).length} ways to say where rows go`);

for (const [name, settings] of Object.entries(servers)) {
  await inProject(settings, async () => {
    await using p = shopPipeline("postgres");
    await using sql = await p.sqlClient();
    const error: unknown = await sql.executeSql("SELECT 1").catch((thrown: unknown) => thrown);
    assert.ok(
      isDltError(error) && error.message.includes("postgresql://loader@127.0.0.1:1/dlt_data"),
      `${name}: ${error}`,
    );
    assert.ok(!inspect(error, { depth: 9 }).includes("sesame"), name);
  });
}
console.log(`${Object.keys(servers).length} ways to say where a server is; its password is in no message`);

// The settings of the source: from variables, files, code, and a vault.
const rowsOf = async (source: ReturnType<typeof shop>): Promise<unknown[]> => {
  const rows: unknown[] = [];
  for await (const row of source.resources.orders) rows.push(row);
  return rows;
};
await inProject(
  {
    variables: { SOURCES__SHOP__PER_PAGE: "25" },
    secrets: '[sources.shop]\napi_key = "sesame"',
    config: "[sources.shop]\nper_page = 50\nsince = 2024-02-29",
  },
  async () => {
    shopPipeline(); // sources look settings up for the pipeline that was made last
    const found = { id: 1, per_page: 25, since: "2024-02-29", region: "eu", signed_in: true, key: "[secret]" };
    assert.deepEqual(await rowsOf(shop()), [found]);
    assert.deepEqual(await rowsOf(shop({ perPage: 5, region: "us" })), [{ ...found, per_page: 5, region: "us" }]);
    assert.equal(config.value("sources.shop.per_page"), 25);
    assert.equal(secrets.value("sources.shop.api_key").reveal(), "sesame");
  },
);

const kept: Readonly<Record<string, string>> = { "sources-shop": '[sources.shop]\napi_key = "sesame"' };
await inProject({}, async () => {
  shopPipeline();
  using _ = await registerProvider(vault({ name: "Team vault", read: async (name) => kept[name] }));
  const [row] = await rowsOf(shop());
  assert.deepEqual(row, { id: 1, per_page: 100, since: "undefined", region: "eu", signed_in: true, key: "[secret]" });
});

// Without the key, the error names every place that was tried.
await inProject({ config: '[sources.shop]\napi_kei = "x"' }, async () => {
  shopPipeline();
  try {
    shop();
    assert.fail("there is no key");
  } catch (error) {
    assert.ok(isDltError(error) && error.code === "CONFIG_FIELD_MISSING");
    console.log(error.message.split("\n").slice(0, 4).join("\n"));
    assert.match(error.message, /config\.toml has `sources\.shop\.api_kei`.*Did you mean `sources\.shop\.api_key`\?/);
  }
});
