import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes messages as Slack's webhooks do, and prints them. */
export async function slackServer() {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const { text } = JSON.parse(body) as { readonly text: string };
      console.log(`#data  ${text}`);
      response.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { hook: `http://127.0.0.1:${port}/services/T0/B0/x`, close: () => server.close() };
}
