import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { azureStore } from "@dlt/storage-azure";
import { startAzurite } from "@dlt/test-servers";
import { afterAll } from "vitest";
import { filesConformance, freshBucketUrl } from "./files-conformance.js";

const azurite = await startAzurite();
afterAll(() => azurite[Symbol.asyncDispose]());

const { azureStorageAccountName, azureStorageAccountKey, azureAccountHost } = azurite.credentials;
const key = new StorageSharedKeyCredential(azureStorageAccountName, azureStorageAccountKey);
await new BlobServiceClient(azureAccountHost, key).createContainer("files");

filesConformance("files in Azure Blob Storage", () => ({
  bucketUrl: freshBucketUrl("az://files"),
  store: azureStore(azurite.credentials),
}));
