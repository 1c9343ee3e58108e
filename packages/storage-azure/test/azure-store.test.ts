import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { type FileStore, readText } from "@dlt/storage";
import { fileStoreConformance } from "@dlt/storage/testing";
import { type Azurite, startAzurite } from "@dlt/test-servers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { azureStore } from "../src/index.js";

let azurite: Azurite;
let service: BlobServiceClient;
beforeAll(async () => {
  azurite = await startAzurite();
  const { azureStorageAccountName, azureStorageAccountKey, azureAccountHost } = azurite.credentials;
  const key = new StorageSharedKeyCredential(azureStorageAccountName, azureStorageAccountKey);
  service = new BlobServiceClient(azureAccountHost, key);
  await service.createContainer("files");
});
afterAll(() => azurite[Symbol.asyncDispose]());

const open = (changes: Parameters<typeof azureStore>[0] = {}): Promise<FileStore> =>
  azureStore({ ...azurite.credentials, pageSize: 10, ...changes }).open({ scheme: "az", bucket: "files", path: "" });

fileStoreConformance({ name: "Azure Blob Storage", open: () => open() });

const bytes = new TextEncoder().encode("content");

test("a wrong key is denied, and is not shown", async () => {
  await using store = await open({ azureStorageAccountKey: "aHVudGVyMg==" });
  const error = await store.put("a", bytes).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "FILE_STORE_DENIED", retryable: false });
  expect(String(error)).not.toContain("aHVudGVyMg");
});

test("a signature gives the access that it says, and is not shown", async () => {
  const url = await service.generateAccountSasUrl(new Date(Date.now() + 3_600_000), undefined, "sco");
  const { azureStorageAccountKey: _, ...account } = azurite.credentials;
  const signature = new URL(url).search;
  const provider = azureStore({ ...account, azureStorageSasToken: signature });
  await using store = await provider.open({ scheme: "az", bucket: "files", path: "signed" });
  const error = await store.put("a", bytes).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "FILE_STORE_DENIED" });
  expect(String(error)).not.toContain("sig=");
  expect(store.urlOf("a")).toBe("az://files/signed/a");
});

test("a container that is not there is told", async () => {
  await using store = await azureStore(azurite.credentials).open({ scheme: "az", bucket: "not-there", path: "" });
  await expect(store.put("a", bytes)).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
  await expect(readText(store, "a")).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
});

test("a client that exists already is used", async () => {
  await using store = await azureStore({ client: service }).open({ scheme: "az", bucket: "files", path: "own" });
  await store.put("a", bytes);
  expect(await readText(store, "a")).toBe("content");
});
