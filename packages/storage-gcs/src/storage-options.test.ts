import { expect, test } from "vitest";
import { gcsStore } from "./gcs-store.js";
import { storageOptions as optionsOf } from "./storage-options.js";

const storageOptions = (credentials: Parameters<typeof optionsOf>[0]) => optionsOf(credentials, 60_000);

test("without credentials those of the surroundings are used", () => {
  expect(storageOptions({ projectId: "p" })).toMatchObject({ projectId: "p" });
});

test("a service account needs its address and key, which gets its line breaks back", () => {
  expect(storageOptions({ clientEmail: "a@b", privateKey: "KEY", clientId: "1" }).credentials).toEqual({
    client_email: "a@b",
    private_key: "KEY\n",
  });
  expect(storageOptions({ clientEmail: "a@b", privateKey: "KEY\\nMORE" }).credentials).toMatchObject({
    private_key: "KEY\nMORE\n",
  });
  for (const half of [{ clientEmail: "a@b" }, { privateKey: "hunter2" }])
    expect(() => storageOptions(half)).toThrow("have only one of `clientEmail` and `privateKey`");
});

test("an OAuth client needs three fields", () => {
  expect(storageOptions({ clientId: "a", clientSecret: "b", refreshToken: "c" }).credentials).toEqual({
    type: "authorized_user",
    client_id: "a",
    client_secret: "b",
    refresh_token: "c",
  });
  expect(() => storageOptions({ clientId: "a", clientSecret: "b" })).toThrow("lack one of");
});

test("another server gets the credentials that are given for it, and none of the surroundings", () => {
  const endpointUrl = "https://storage.example.com";
  const key = { clientEmail: "a@b", privateKey: "KEY" };
  expect(storageOptions({ endpointUrl, ...key })).toMatchObject({
    apiEndpoint: endpointUrl,
    useAuthWithCustomEndpoint: true,
  });
  expect(storageOptions({ endpointUrl })).toMatchObject({ useAuthWithCustomEndpoint: false });
  expect(() => storageOptions({ endpointUrl: "storage.example.com" })).toThrow("have an `endpointUrl` that is no URL");
});

test("a key that is none is denied, and is not shown", async () => {
  const provider = gcsStore({ projectId: "p", clientEmail: "a@b", privateKey: "hunter2" });
  await using store = await provider.open({ scheme: "gs", bucket: "b", path: "x" });
  const error = await store.stat("a").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "FILE_STORE_DENIED", retryable: false });
  expect(String(error)).not.toContain("hunter2");
});
