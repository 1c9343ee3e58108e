import { type FileStore, readText } from "@dlt/storage";
import { fileStoreConformance } from "@dlt/storage/testing";
import { isUsable, startGcs } from "@dlt/test-servers";
import { Storage } from "@google-cloud/storage";
import { beforeAll, describe, expect, test } from "vitest";
import { gcsStore } from "./gcs-store.js";

describe.skipIf(!isUsable("gcs"))("Google Cloud Storage", () => {
  const bucket = `dlt-test-${Date.now().toString(36)}`;
  let credentials: { readonly projectId: string; readonly endpointUrl: string };
  const open = (): Promise<FileStore> =>
    gcsStore({ ...credentials, pageSize: 10 }).open({ scheme: "gs", bucket, path: "" });
  beforeAll(async () => {
    credentials = { projectId: "test", ...(await startGcs()) };
    await new Storage({ projectId: "test", apiEndpoint: credentials.endpointUrl }).createBucket(bucket);
  });

  fileStoreConformance({ name: "Google Cloud Storage", open });

  test("a bucket that is not there is told", async () => {
    await using store = await gcsStore(credentials).open({ scheme: "gs", bucket: "dlt-not-there", path: "" });
    await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({ retryable: false });
    await expect(readText(store, "a")).rejects.toMatchObject({ retryable: false });
  });
});
