import type { ConfigField, Secret } from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import type { ConfigContext } from "../config/config-context.js";
import { resolveConfig } from "../config/resolve-config.js";

/** The webhook of Slack that `[runtime] slack_incoming_hook` names; `null`: none. Looked up when it is asked for, like any secret. */
export function slackHook(config: ConfigContext): Secret | null {
  const { slackIncomingHook } = resolveConfig(spec, {
    owner: "The runtime",
    sections: [],
    fixedSection: "runtime",
    config,
  });
  return slackIncomingHook ?? null;
}

const hook: ConfigField<Secret | undefined> = {
  secret: true,
  optional: true,
  doc: "Address of an incoming webhook of Slack.",
  parse: (native) => {
    if (typeof native !== "string") throw new TypeError("expected the address of a webhook");
    return secretOf(plainAddress(native.trim()));
  },
};

const spec = { slackIncomingHook: hook };

// Python dlt hides addresses in files: their bytes joined with this key by XOR, in Base64.
const hidingKey = Buffer.from("dlt-runtime-2022");

function plainAddress(text: string): string {
  if (!/^(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text)) return text;
  const bytes = Buffer.from(text, "base64").map((byte, index) => byte ^ (hidingKey[index % hidingKey.length] ?? 0));
  return Buffer.from(bytes).toString("utf8");
}
