import { expect, test } from "vitest";
import { globalArguments } from "./global-arguments.js";
import { pipelineArguments } from "./pipeline-arguments.js";

test.each([
  ["pipeline shop info", "pipeline info shop"],
  ["pipeline shop", "pipeline info shop"],
  ["pipeline -v shop info --json", "pipeline info shop -v --json"],
  ["pipeline --pipelines-dir here shop --json drop a b", "pipeline drop shop --pipelines-dir here --json a b"],
  ["pipeline shop --pipelines-dir here drop a", "pipeline drop shop --pipelines-dir here a"],
  ["pipeline shop.ts run -- pipeline x y", "pipeline run shop.ts -- pipeline x y"],
  ["pipeline list --json", "pipeline --list --json"],
  ["pipeline list info", "pipeline info list"],
  ["pipeline --list", "pipeline --list"],
  ["pipeline -- shop info", "pipeline -- shop info"],
  ["load - --table events", "load - --table events"],
])("%s", (typed, read) => {
  expect(pipelineArguments(typed.split(" ")).join(" ")).toBe(read);
});

test("what holds for every command may stand anywhere, but not among the arguments of a program", () => {
  expect(globalArguments(["pipeline", "--debug", "a.ts", "run", "--", "--non-interactive"])).toEqual({
    isDebug: true,
    isNonInteractive: false,
    args: ["pipeline", "a.ts", "run", "--", "--non-interactive"],
  });
});
