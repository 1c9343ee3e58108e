import { anyOf, destination, group, secret, setting } from "@dlt/core";
import { expect, test } from "vitest";
import { settingsSample } from "./settings-sample.js";

test("a sample has what is needed, in its types, and nothing that goes without saying", () => {
  const make = destination({
    name: "shop",
    capabilities: {} as never,
    config: {
      url: setting<string>({ doc: "Where\n it is." }),
      rows: setting({ type: "integer" }),
      rate: setting({ type: "number" }),
      price: setting({ type: "decimal" }),
      fast: setting({ type: "boolean" }),
      since: setting({ type: "date" }),
      region: setting({ choices: ["eu", "us"] }),
      perPage: setting({ default: 5 }),
      key: secret(),
      login: anyOf([
        group({ user: setting({ type: "text" }), password: secret({ optional: true }) }),
        group({ token: secret() }),
      ]),
    },
    connect: () => Promise.reject(new Error("unused")),
  });
  expect(settingsSample(make() as never)).toBe(`[destination.shop]
url = "<configure me>" # fill this in! Where it is.
rows = 0 # fill this in!
rate = 1.0 # fill this in!
price = "1.0" # fill this in!
fast = true # fill this in!
since = "1768-07-21" # fill this in!
region = "eu" # fill this in!
key = "<configure me>" # fill this in!

[destination.shop.login]
user = "<configure me>" # fill this in!
password = "<configure me>" # fill this in!

`);
});
