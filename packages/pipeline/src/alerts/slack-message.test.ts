import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendSlackMessage } from "./slack-message.js";

let server: Server;
let hook: string;
let status: number;
const received: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: unknown }[] =
  [];

beforeEach(async () => {
  received.length = 0;
  status = 200;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
      if (status > 0) response.writeHead(status).end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T1/B2/marked`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("a message is one request with its text", async () => {
  await sendSlackMessage(hook, "Table `issues`: column *labels*, “new”");
  await sendSlackMessage(hook, "plain", { isMarkdown: false });
  expect(received).toMatchObject([
    {
      url: "/services/T1/B2/marked",
      headers: { "content-type": "application/json;charset=utf-8" },
      body: { text: "Table `issues`: column *labels*, “new”", mrkdwn: true },
    },
    { body: { text: "plain", mrkdwn: false } },
  ]);
});

test("a webhook that is refused, or does not answer, is told of without its address", async () => {
  const failure = async (given: Promise<void>): Promise<unknown> => await given.catch((error: unknown) => error);
  status = 404;
  expect(await failure(sendSlackMessage(hook, "x"))).toMatchObject({
    code: "SLACK_MESSAGE_NOT_SENT",
    message: expect.stringMatching(
      /^The message was not sent: `127\.0\.0\.1:\d+`: the server answered 404\.$/,
    ) as unknown,
    retryable: false,
  });
  status = 503;
  expect(await failure(sendSlackMessage(hook, "x"))).toMatchObject({ retryable: true });
  status = 0;
  const silent = await failure(sendSlackMessage(hook, "x", { timeoutMs: 50 }));
  expect(silent).toMatchObject({
    message: expect.stringContaining("no answer came in 50 ms") as unknown,
    retryable: true,
  });
  const gone = await failure(sendSlackMessage(`http://127.0.0.1:${await closedPort()}/services/marked`, "x"));
  expect(gone).toMatchObject({ message: expect.stringContaining("the connection failed (ECONNREFUSED)") as unknown });
  for (const error of [silent, gone]) expect(JSON.stringify(error) + String(error)).not.toContain("marked");
});

test("what is no address is refused, and a message that is not wanted any more is not sent", async () => {
  await expect(sendSlackMessage("hooks.slack.com/services/marked", "x")).rejects.toMatchObject({
    code: "SLACK_HOOK_INVALID",
  });
  await expect(sendSlackMessage("file:///etc/marked", "x")).rejects.toMatchObject({ code: "SLACK_HOOK_INVALID" });
  await expect(sendSlackMessage(hook, "x", { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  expect(received).toEqual([]);
});

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
