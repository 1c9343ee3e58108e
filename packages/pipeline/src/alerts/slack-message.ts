import { ConfigError, isSecret, type Secret } from "@dlt/core";
import { NotSent, postJson } from "./post-json.js";

export interface SlackMessageOptions {
  /** Slack's markup counts: `*bold*`, `<https://…|link>`. Default: true. */
  readonly isMarkdown?: boolean;
  /** Milliseconds that the message may take. Default: 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Sends a message to a channel of Slack, by one request to an incoming webhook (https://api.slack.com/messaging/webhooks).
 * @param hook address of the webhook; whoever has it can write to the channel, so that it is a secret, and in no error
 * @throws ConfigError `SLACK_HOOK_INVALID`; `SLACK_MESSAGE_NOT_SENT` when Slack cannot be reached or refuses
 */
export async function sendSlackMessage(
  hook: string | Secret,
  text: string,
  { isMarkdown = true, timeoutMs = 10_000, signal }: SlackMessageOptions = {},
): Promise<void> {
  const url = hookUrl(isSecret(hook) ? hook.reveal() : hook);
  try {
    await postJson(url, { text, mrkdwn: isMarkdown }, { timeoutMs, signal });
  } catch (error) {
    throw error instanceof NotSent ? notSent(url, error) : error;
  }
}

function hookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && ["https:", "http:"].includes(url.protocol)) return url;
  throw new ConfigError("SLACK_HOOK_INVALID", "The webhook for messages to Slack is no address of the web.", {
    hint: "Give the whole address that Slack shows for the webhook: https://hooks.slack.com/services/…",
  });
}

/** Of the address only the host is told: the rest of it is the secret. */
function notSent(url: URL, { message: reason, isLasting }: NotSent): ConfigError {
  return new ConfigError("SLACK_MESSAGE_NOT_SENT", `The message was not sent: \`${url.host}\`: ${reason}.`, {
    hint: isLasting
      ? "Make a new webhook for the channel, and set it in the place of this one."
      : "Check the way to the host, and send the message again.",
    context: { host: url.host },
    retryable: !isLasting,
  });
}
