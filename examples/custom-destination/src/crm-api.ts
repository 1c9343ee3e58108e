import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An API that takes lists of records, each list once: what has an `Idempotency-Key` that it knows is not taken again. */
export async function startCrm(options: { readonly key: string; readonly isBusyAt: (request: number) => boolean }) {
  const records: unknown[] = [];
  const known = new Set<string>();
  let requests = 0;
  const server = createServer((request, response) => {
    void (async () => {
      requests += 1;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const id = String(request.headers["idempotency-key"]);
      if (request.headers.authorization !== `Bearer ${options.key}`) response.writeHead(401);
      else if (options.isBusyAt(requests)) response.writeHead(503);
      else {
        if (!known.has(id)) records.push(...(JSON.parse(Buffer.concat(chunks).toString()) as unknown[]));
        known.add(id);
        response.writeHead(204);
      }
      response.end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, records, close: () => server.close() };
}
