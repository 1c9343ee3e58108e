import { expect, test } from "vitest";
import { clientConfig } from "./client-config.js";
import { s3Store } from "./s3-store.js";

test("what is not given is left to the SDK", () => {
  expect(clientConfig({})).toEqual({ forcePathStyle: false });
  expect(clientConfig({ profileName: "p", regionName: "eu-west-1" })).toEqual({
    profile: "p",
    region: "eu-west-1",
    forcePathStyle: false,
  });
});

test("keys go together", () => {
  expect(clientConfig({ awsAccessKeyId: "a", awsSecretAccessKey: "b", awsSessionToken: "c" }).credentials).toEqual({
    accessKeyId: "a",
    secretAccessKey: "b",
    sessionToken: "c",
  });
  for (const half of [{ awsAccessKeyId: "a" }, { awsSecretAccessKey: "hunter2" }])
    expect(() => clientConfig(half)).toThrow("have only one of `awsAccessKeyId` and `awsSecretAccessKey`");
});

test("other servers are addressed by path, unless they have names for buckets", () => {
  const endpointUrl = "https://minio.example.com";
  expect(clientConfig({ endpointUrl })).toMatchObject({
    endpoint: endpointUrl,
    region: "us-east-1",
    forcePathStyle: true,
  });
  expect(clientConfig({ endpointUrl, s3UrlStyle: "vhost" })).toMatchObject({ forcePathStyle: false });
  expect(() => clientConfig({ s3UrlStyle: "other" })).toThrow("have another `s3UrlStyle`");
});

test("a server that is not there is reported as an error that may pass", async () => {
  const provider = s3Store({ endpointUrl: "http://127.0.0.1:9", awsAccessKeyId: "a", awsSecretAccessKey: "hunter2" });
  await using store = await provider.open({ scheme: "s3", bucket: "b", path: "x" });
  await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({
    code: "FILE_STORE_UNAVAILABLE",
    retryable: true,
    message: expect.stringContaining("Could not write s3://b/x/a: ECONNREFUSED") as string,
  });
});
