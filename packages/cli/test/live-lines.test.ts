import { join } from "node:path";
import { fileURLToPath } from "node:url";
import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { newProject, type Project } from "./project.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** Built for most systems; where it is not, these tests are left out. */
const pty = await import("@lydell/node-pty").catch(() => null);

const program = `import { once } from "node:events";
import { pipeline, resource } from "@dlt/pipeline";

process.stdin.setRawMode(process.argv[2] === "raw");
const orders = resource({ name: "orders" }, async function* ({ signal }) {
  yield [{ id: 1 }, { id: 2 }, { id: 3 }];
  await once(process.stdin, "data", { signal });
  console.log("half of it");
  yield [{ id: 4 }];
  await once(process.stdin, "data", { signal });
});
await pipeline({ pipelineName: "shop", destination: "duckdb" }).run(orders).finally(() => process.stdin.pause());
`;

/** Runs the program on a terminal of its own. */
function onTerminal({ folder }: Project, args: readonly string[], [cols, rows]: readonly [number, number]) {
  const { CI: _, NODE_OPTIONS: __, NO_COLOR: ___, ...inherited } = process.env;
  const env = { ...inherited, DLT_DATA_DIR: join(folder, "data"), LC_ALL: "C.UTF-8", TERM: "xterm-256color" };
  const child = pty?.spawn(process.execPath, [main, ...args], { cwd: folder, env, cols, rows });
  if (child === undefined) throw new Error("There is no pseudo-terminal.");
  const screen = new headless.Terminal({ cols, rows, allowProposedApi: true });
  const waiting = new Set<() => void>();
  let exitCode: number | null = null;
  const look = (): void => {
    for (const each of waiting) each();
  };
  child.onData((text) => screen.write(text, look));
  child.onExit((end) => {
    exitCode = end.exitCode;
    screen.write("", look);
  });
  const lines = (): readonly string[] => {
    const { active } = screen.buffer;
    const all = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
    return all.join("\n").trimEnd().split("\n");
  };
  return {
    lines,
    type: (text: string) => child.write(text),
    resize(columns: number, height: number) {
      screen.resize(columns, height);
      child.resize(columns, height);
    },
    /** Waits until the screen is as it should be. */
    async shows(isThere: (lines: readonly string[], exitCode: number | null) => boolean): Promise<readonly string[]> {
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          const isShown = isThere(lines(), exitCode);
          if (!isShown && exitCode === null) return;
          waiting.delete(check);
          if (isShown) resolve();
          else reject(new Error(`It ended with ${exitCode} and shows:\n${lines().join("\n")}`));
        };
        waiting.add(check);
        check();
      });
      return lines();
    },
  };
}

test.skipIf(pty === null)("a run is drawn in place, fits the window, and leaves what the program prints", async () => {
  const project = await newProject();
  await project.write("shop.mjs", program);
  const terminal = onTerminal(project, ["pipeline", "shop.mjs", "run", "--", "raw"], [80, 24]);
  const shown = await terminal.shows((lines) => lines.some((line) => line.startsWith("    orders  3 rows")));
  expect(shown.slice(0, 2)).toEqual([
    expect.stringMatching(/^• shop {2}extract(, normalize)? {2}\d\d:\d\d$/),
    expect.stringMatching(/^ {2}extract {4}0\/1 resources {2}3 rows {2}\d+ B$/),
  ]);
  terminal.resize(24, 10);
  const narrow = await terminal.shows((lines) => lines.includes("  extract    0/1 resourc"));
  expect(narrow.filter((line) => line.startsWith("• shop"))).toHaveLength(1);
  terminal.resize(80, 24);
  terminal.type("x");
  const half = await terminal.shows((lines) => lines.some((line) => line.startsWith("    orders  4 rows")));
  expect(half[0]).toBe("half of it");
  expect(half.filter((line) => line.startsWith("• shop"))).toHaveLength(1);
  terminal.type("x");
  const left = await terminal.shows((_lines, exitCode) => exitCode === 0);
  expect(left[0]).toBe("half of it");
  expect(left[1]).toMatch(/^✔ shop {2}4 rows in 1 table, [\d.]+ k?B, in [\d.]+ s$/);
  expect(left[2]).toMatch(/^Pipeline shop loaded 4 rows into 1 table/);
});

test.skipIf(pty === null)("Ctrl-C stops a run, whose last line stays", async () => {
  const project = await newProject();
  await project.write("shop.mjs", program);
  const terminal = onTerminal(project, ["pipeline", "shop.mjs", "run"], [120, 24]);
  await terminal.shows((lines) => lines.some((line) => line.startsWith("    orders  3 rows")));
  terminal.type("\u0003");
  const left = await terminal.shows((_lines, exitCode) => exitCode === 75);
  expect(left.filter((line) => line.startsWith("• shop"))).toEqual([]);
  expect(left.join("\n")).toMatch(/SIGINT: stopping cleanly[^]*✖ shop stopped in extract after [\d.]+ s\n/);
});
