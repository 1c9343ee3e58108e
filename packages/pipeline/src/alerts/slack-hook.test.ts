import { expect, test } from "vitest";
import { loadConfig } from "../config/config-context.js";
import { slackHook } from "./slack-hook.js";

const hookFrom = (value?: string) =>
  slackHook(loadConfig({ env: value === undefined ? {} : { RUNTIME__SLACK_INCOMING_HOOK: value }, cwd: "/nowhere" }));

test("the webhook of the configuration is a secret, and one that Python dlt has hidden is found again", () => {
  expect(hookFrom()).toBeNull();
  const plain = hookFrom("https://hooks.slack.com/services/T1/B2/x3");
  expect([String(plain), plain?.reveal()]).toEqual(["[secret]", "https://hooks.slack.com/services/T1/B2/x3"]);
  // What `obfuscate_pseudo_secret` of Python dlt makes of the same address.
  expect(hookFrom("DBgAXQFPQVsBAgpGQR5BXgUPHwMRGgNbGggXW1tTV0FLOEUCMEdBDFo=")?.reveal()).toBe(
    "https://hooks.slack.com/services/T1/B2/x3",
  );
});
