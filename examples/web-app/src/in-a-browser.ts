import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { chromium } from "playwright-core";
import { orders } from "./orders.js";
import { webApp } from "./server.js";

// The app as a person uses it, in a real browser: start, watch, stop, start again.

const p = pipeline({
  pipelineName: "web_app_in_a_browser",
  destination: duckdb({ credentials: "web-app-in-a-browser.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

let last = Infinity; // until it is known, the shop has no end, and a run of it only ends when it is stopped
const app = webApp(p, () => orders(last));
const address = await app.listen({ port: 0 });
const browser = await chromium.launch({
  executablePath: browserPath(),
  // What browsers ask their makers for by themselves; and root has no sandbox.
  args: ["--disable-background-networking", "--disable-sync", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  const page = await browser.newPage();
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  const [start, stop] = ["Load", "Stop"].map((name) => page.getByRole("button", { name }));
  assert.ok(start && stop);
  const state = page.getByRole("status");
  const rows = page.getByRole("row", { name: /^extract orders/ });

  const listening = page.waitForResponse(`${address}/events`);
  await page.goto(address);
  await listening;
  assert.equal(await stop.isDisabled(), true);

  await start.click();
  await rows.getByText(/^\d[\d,]{4,} rows$/).waitFor(); // thousands: it streams while the run goes on
  await page.locator('#bar:not([value="0"])').waitFor(); // and loads what was read so far
  assert.equal(await state.textContent(), "It runs.");
  assert.equal((await fetch(`${address}/run`, { method: "POST" })).status, 409);

  await stop.click();
  await page.getByText("Stopped.").waitFor();
  const loaded = await loadedOrders();
  console.log(`Stopped with ${loaded.rows > 0 ? "some" : "no"} orders loaded.`);

  // The next run finishes what was left, and goes on behind it.
  last = loaded.last + 20_000;
  await start.click();
  await page.getByText(/^Loaded in \d/).waitFor();
  assert.deepEqual(await loadedOrders(), { rows: last, distinct: last, last });
  assert.deepEqual(errors, []);
  console.log("Started again, it loaded the rest: each order once.");
} finally {
  await browser.close();
  await app.close();
}

async function loadedOrders() {
  await using sql = await p.sqlClient();
  const [row = []] = await sql.executeSql("SELECT count(*), count(DISTINCT id), coalesce(max(id), 0) FROM orders");
  const [rowCount, distinct, lastId] = row.map(Number);
  return { rows: rowCount ?? 0, distinct: distinct ?? 0, last: lastId ?? 0 };
}

/** Chromium or Chrome as this machine has it, or the one that `CHROMIUM` names. */
function browserPath(): string {
  const paths = [
    process.env["CHROMIUM"] ?? "",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ];
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error("There is no Chromium here. Install it, or give its path as CHROMIUM.");
  return found;
}
