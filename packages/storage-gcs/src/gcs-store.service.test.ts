import { type FileStore, readText } from "@dlt/storage";
import { fileStoreConformance } from "@dlt/storage/testing";
import { Storage } from "@google-cloud/storage";
import { beforeAll, describe, expect, test } from "vitest";
import { gcsStore } from "./gcs-store.js";

// A server that speaks the protocol of Google Cloud Storage, e.g. fake-gcs-server: its URL.
const endpointUrl = process.env["DLT_TEST_GCS_ENDPOINT"];
const isRequired = (process.env["DLT_TEST_REQUIRE"] ?? "").split(",").includes("gcs");

describe.skipIf(endpointUrl === undefined && !isRequired)("Google Cloud Storage", () => {
  const bucket = `dlt-test-${Date.now().toString(36)}`;
  const credentials = { projectId: "test", endpointUrl: endpointUrl ?? "" };
  const open = (): Promise<FileStore> =>
    gcsStore({ ...credentials, pageSize: 10 }).open({ scheme: "gs", bucket, path: "" });
  beforeAll(async () => {
    expect(endpointUrl, "DLT_TEST_GCS_ENDPOINT").toBeDefined();
    await new Storage({ projectId: "test", apiEndpoint: credentials.endpointUrl }).createBucket(bucket);
  });

  fileStoreConformance({ name: "Google Cloud Storage", open });

  test("a bucket that is not there is told", async () => {
    await using store = await gcsStore(credentials).open({ scheme: "gs", bucket: "dlt-not-there", path: "" });
    await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({ retryable: false });
    await expect(readText(store, "a")).rejects.toMatchObject({ retryable: false });
  });
});
