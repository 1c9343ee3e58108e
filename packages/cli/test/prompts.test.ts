import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newProject, type Project } from "./project.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** `script` of util-linux runs a command on a terminal of its own. */
const hasTerminal = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

test.skipIf(!hasTerminal)("on a terminal a person is asked, and the answer counts", async () => {
  const project = await newProject();
  await project.dlt(["load", "-", "--table", "events"], { input: '{"id":1}' });
  const drop = "pipeline events drop events";
  const declined = await answered(project, drop, "n");
  expect(declined.text).toContain("  Tables to drop: events\r\n");
  expect(declined.text).toContain("Do you want to apply these changes?");
  expect(declined.text).toContain("The answer was no. Nothing was changed.");
  expect(declined.code).toBe(1);
  // Ctrl-C
  expect((await answered(project, drop, "\u0003")).code).toBe(1);
  const shown = await project.dlt(["pipeline", "events", "show", "--json"]);
  expect(JSON.parse(shown.out)).toEqual([{ table_name: "events", rows: 1 }]);
  expect(await answered(project, drop, "y")).toMatchObject({ code: 0, text: expect.stringContaining("is LOADED") });
});

/** Answers the question of a command with a key. */
async function answered({ folder }: Project, command: string, key: string) {
  const line = `stty cols 100 rows 30; '${process.execPath}' '${main}' ${command}`;
  const { CI: _, NODE_OPTIONS: __, ...env } = process.env;
  const child: ChildProcessWithoutNullStreams = spawn(
    "script",
    ["--quiet", "--return", "--command", line, "/dev/null"],
    {
      cwd: folder,
      env: { ...env, DLT_DATA_DIR: join(folder, "data"), TERM: "xterm", SHELL: "/bin/sh" },
    },
  );
  let text = "";
  let isAnswered = false;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (isAnswered || !/Yes[^]*No/.test(text)) return;
    isAnswered = true;
    child.stdin.write(key);
  });
  const code = await new Promise<number | null>((settle) => {
    child.once("close", settle);
  });
  return { text, code };
}
