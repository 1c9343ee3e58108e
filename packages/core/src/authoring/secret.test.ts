import { AssertionError } from "node:assert";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { destination } from "./destination.js";
import { fetchedSecret, fetchSecrets, isSecret, secretOf } from "./secret.js";
import { secret, setting } from "./settings.js";

const mark = "canary-of-the-secret";
const hidden = secretOf(mark);

function consoleText(print: (console: Console) => void): string {
  let text = "";
  const sink = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  print(new Console({ stdout: sink, stderr: sink }));
  return text;
}

test("is revealed by its method, and told apart from other objects", () => {
  expect([hidden.reveal(), isSecret(hidden), isSecret({ reveal: () => mark }), isSecret(mark)]).toEqual([
    mark,
    true,
    false,
    false,
  ]);
});

describe("prints as nothing:", () => {
  const nested = { token: hidden, list: [hidden], map: new Map([["token", hidden]]) };
  test.each<[name: string, print: () => unknown]>([
    ["a template", () => `${hidden}`],
    ["added to a text", () => `is ${String(hidden)}`],
    ["JSON", () => JSON.stringify(nested)],
    ["console.log", () => consoleText((console) => console.log(hidden, nested))],
    ["console.dir", () => consoleText((console) => console.dir(nested, { depth: 9, showHidden: true }))],
    ["console.table", () => consoleText((console) => console.table([nested]))],
    ["inspect", () => inspect(nested, { depth: 9, showHidden: true, getters: true })],
    ["inspect of proxies", () => inspect(nested, { depth: 9, showProxy: true, showHidden: true })],
    ["inspect without own forms", () => inspect(nested, { depth: 9, showHidden: true, customInspect: false })],
    ["format", () => format("%s %o %O %j %d %i", hidden, hidden, hidden, hidden, hidden, hidden)],
    ["what is enumerated", () => inspect([Object.entries(hidden), { ...hidden }, Object.assign({}, hidden)])],
    ["all properties", () => inspect(Object.getOwnPropertyDescriptors(hidden), { showHidden: true, depth: 9 })],
    ["an error about it", () => inspect(new AssertionError({ actual: nested, expected: {}, operator: "deepEqual" }))],
    ["the cause of an error", () => inspect(new Error("failed", { cause: nested }), { depth: 9 })],
    ["the code of its functions", () => `${hidden.reveal} ${hidden.toString}`],
  ])("%s", (_, print) => {
    expect(print()).not.toMatch(/canary/);
  });

  test("it is shown as what it is", () => {
    expect([`${hidden}`, JSON.stringify({ hidden }), inspect({ hidden })]).toEqual([
      "[secret]",
      '{"hidden":"[secret]"}',
      "{ hidden: [secret] }",
    ]);
  });
});

test("cannot be copied to another thread or into bytes", () => {
  const { port1, port2 } = new MessageChannel();
  try {
    for (const copy of [structuredClone, serialize, (value: unknown) => port1.postMessage(value)]) {
      expect(() => copy({ token: hidden })).toThrow(/could not be cloned/);
      expect(() => copy({ token: hidden })).not.toThrow(/canary/);
    }
  } finally {
    port1.close();
    port2.close();
  }
});

test("cannot be changed", () => {
  expect(() => Object.assign(hidden, { reveal: () => "other" })).toThrow(TypeError);
  expect(hidden.reveal()).toBe(mark);
});

describe("that comes later", () => {
  test("is there once it was fetched, which happens once", async () => {
    let calls = 0;
    const later = fetchedSecret(async () => `${mark} ${++calls}`, "`token`");
    expect(() => later.reveal()).toThrow(expect.objectContaining({ code: "CONFIG_SECRET_NOT_FETCHED" }));
    await fetchSecrets();
    await fetchSecrets();
    expect([later.reveal(), `${later}`]).toEqual([`${mark} 1`, "[secret]"]);
  });

  test("fails where it is revealed, and is tried again", async () => {
    let calls = 0;
    const later = fetchedSecret(async () => {
      if (++calls === 1) throw new Error("away");
      return mark;
    }, "`token`");
    await fetchSecrets();
    expect(() => later.reveal()).toThrow("away");
    await fetchSecrets();
    expect(later.reveal()).toBe(mark);
  });
});

test("what a destination was given prints without secrets", () => {
  const fields = { host: setting<string>({ optional: true }), accessKey: secret({ optional: true }) };
  const make = destination({
    name: "shop",
    capabilities: {} as never,
    config: {
      url: setting<string>({ optional: true }),
      token: secret({ optional: true }),
      credentials: { secret: false, optional: true, fields, parse: (native: unknown) => native },
    },
    connect: () => Promise.reject(new Error("unused")),
  });
  const print = (given: object) => inspect(make(given as never), { depth: 9, showHidden: true });
  for (const given of [
    { token: mark },
    { credentials: `shop://user:${mark}@host` },
    { credentials: { host: "host", accessKey: mark } },
    { credentials: { host: "host", access_key: mark } },
  ])
    expect(print(given)).not.toMatch(/canary/);
  expect(print({ url: "https://host", credentials: { host: "host" } })).toMatch(/https:\/\/host[^]*host: 'host'/);
});
