import { expect, test } from "vitest";
import { serviceClient } from "./service-client.js";

const key = "aHVudGVyMg==";

test.each([
  [{ azureStorageAccountName: "acme" }, undefined, "https://acme.blob.core.windows.net/"],
  [{}, "acme.dfs.core.windows.net", "https://acme.blob.core.windows.net/"],
  [{ azureAccountHost: "https://acme.blob.core.windows.net/" }, undefined, "https://acme.blob.core.windows.net/"],
  [
    { azureStorageAccountName: "acme", azureAccountHost: "acme.blob.core.chinacloudapi.cn" },
    undefined,
    "https://acme.blob.core.chinacloudapi.cn/",
  ],
  [
    { azureStorageAccountName: "acme", azureAccountHost: "http://127.0.0.1:1/acme/" },
    undefined,
    "http://127.0.0.1:1/acme",
  ],
])("the account of %j and %j is at its host", async (credentials, host, url) => {
  const client = await serviceClient({ ...credentials, azureStorageAccountKey: key }, host);
  expect(client.url).toBe(url);
  expect(client.accountName).toBe("acme");
});

test("a service principal needs three fields, an account its name", async () => {
  const account = { azureStorageAccountName: "acme" };
  const principal = { azureTenantId: "t", azureClientId: "c", azureClientSecret: "hunter2" };
  expect((await serviceClient({ ...account, ...principal }, undefined)).accountName).toBe("acme");
  expect((await serviceClient(account, undefined)).accountName).toBe("acme");
  await expect(serviceClient({ ...account, azureClientId: "c" }, undefined)).rejects.toThrow("lack one of");
  await expect(serviceClient({ azureStorageAccountKey: key }, undefined)).rejects.toThrow("name no account");
  await expect(serviceClient({ ...account, azureStorageAccountKey: "{hunter2}" }, undefined)).rejects.toThrow(
    "The credentials of the files have an `azureStorageAccountKey` that is no Base64.",
  );
});
