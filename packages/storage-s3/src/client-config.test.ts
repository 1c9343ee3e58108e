import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clientConfig, openClient } from "./client-config.js";
import { s3Store } from "./s3-store.js";

const config = (credentials: Parameters<typeof clientConfig>[0]) => clientConfig(credentials, 60_000);

beforeEach(() => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) vi.stubEnv(name, undefined);
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/nowhere");
});
afterEach(() => void vi.unstubAllEnvs());

test("what is not given is left to the SDK", () => {
  const given = config({});
  for (const name of ["credentials", "profile", "region", "endpoint"]) expect(given).not.toHaveProperty(name);
  expect(config({ profileName: "p", regionName: "eu-west-1" })).toMatchObject({ profile: "p", region: "eu-west-1" });
});

test("keys go together", () => {
  expect(config({ awsAccessKeyId: "a", awsSecretAccessKey: "b", awsSessionToken: "c" }).credentials).toEqual({
    accessKeyId: "a",
    secretAccessKey: "b",
    sessionToken: "c",
  });
  for (const half of [{ awsAccessKeyId: "a" }, { awsSecretAccessKey: "hunter2" }])
    expect(() => config(half)).toThrow("have only one of `awsAccessKeyId` and `awsSecretAccessKey`");
});

test("other servers are addressed by path, unless they have names for buckets", () => {
  const endpointUrl = "https://minio.example.com";
  expect(config({ endpointUrl })).toMatchObject({ endpoint: endpointUrl, forcePathStyle: true });
  expect(config({ endpointUrl, s3UrlStyle: "vhost" })).toMatchObject({ forcePathStyle: false });
  expect(() => config({ s3UrlStyle: "other" })).toThrow("have another `s3UrlStyle`");
  for (const wrong of ["minio:9000", "minio.example.com", "https://"])
    expect(() => config({ endpointUrl: wrong })).toThrow("have an `endpointUrl` that is no URL");
});

test.each([
  [{ regionName: "eu-west-1" }, { AWS_REGION: "eu-north-1" }, "eu-west-1"],
  [{ endpointUrl: "https://s3.example.com" }, { AWS_REGION: "eu-north-1" }, "eu-north-1"],
  [{}, { AWS_REGION: "eu-north-1", AWS_DEFAULT_REGION: "eu-south-1" }, "eu-north-1"],
  [{}, { AWS_DEFAULT_REGION: "eu-south-1" }, "eu-south-1"],
  [{}, {}, "us-east-1"],
])("the region of %j among %j", async (credentials, variables, region) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const client = await openClient(credentials, 60_000);
  expect(await client.config.region()).toBe(region);
  client.destroy();
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
