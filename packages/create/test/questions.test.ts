import { spawn, spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { emptyFolder, main, personEnv } from "./call.js";

/** `script` of util-linux runs a command on a terminal of its own. */
const hasTerminal = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

test.skipIf(!hasTerminal)("on a terminal a person is asked for what was not said", async () => {
  const folder = await emptyFolder();
  const made = await answered(folder, "--connector", [
    ["Which kind of connector?", "\r"],
    ["In which folder?", "Acme Desk\r"],
    ["Name of the package?", "\r"],
    ["Install its packages with npm?", "n"],
  ]);
  expect(made).toMatchObject({ code: 0, text: expect.stringContaining("  cd 'Acme Desk'\r\n  npm install ") });
  expect(made.text).toContain("Then change src/acme-desk.ts.");
  expect(await readdir(folder)).toEqual(["Acme Desk"]);
});

test.skipIf(!hasTerminal)("questions that are left change nothing", async () => {
  const folder = await emptyFolder();
  const left = await answered(folder, "", [["In which folder?", "\u0003"]]);
  expect(left).toMatchObject({ code: 1, text: expect.stringContaining("CREATE:DECLINED") });
  expect(await readdir(folder)).toEqual([]);
});

/** Answers each question, as it is asked, with keys. */
async function answered(cwd: string, args: string, answers: readonly (readonly [question: string, keys: string])[]) {
  const line = `stty cols 100 rows 30; '${process.execPath}' '${main}' ${args}`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    cwd,
    env: { ...personEnv(), TERM: "xterm", SHELL: "/bin/sh" },
  });
  let text = "";
  let seen = 0;
  const waiting = [...answers];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    const [question, keys] = waiting[0] ?? [];
    if (question === undefined || !text.slice(seen).includes(question)) return;
    seen = text.length;
    waiting.shift();
    child.stdin.write(keys);
  });
  const code = await new Promise<number | null>((settle) => {
    child.once("close", settle);
  });
  return { code, text };
}
