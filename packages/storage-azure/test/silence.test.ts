import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { azureStore } from "../src/index.js";

test("a server that stays silent is given up", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.resume().on("error", () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const provider = azureStore({
    azureStorageAccountName: "acme",
    azureStorageAccountKey: "aHVudGVyMg==",
    azureAccountHost: `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme`,
    timeoutMs: 50,
  });
  await using store = await provider.open({ scheme: "az", bucket: "b", path: "" });
  const given = { code: "FILE_STORE_UNAVAILABLE", retryable: true };
  await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject(given);
  await expect(store.stat("a")).rejects.toMatchObject(given);
});
