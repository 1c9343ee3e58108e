import { isDltError } from "@dlt/core";
import { expect, test } from "vitest";
import { parseStoreCredentials } from "./parse-credentials.js";

test("an object may have names in either spelling", () => {
  expect(parseStoreCredentials({ aws_access_key_id: "a", awsSecretAccessKey: "b", region_name: undefined })).toEqual({
    awsAccessKeyId: "a",
    awsSecretAccessKey: "b",
  });
});

test("the text of a services.json is taken as it is downloaded", () => {
  const services = {
    type: "service_account",
    project_id: "p",
    private_key_id: "1",
    private_key: "-----BEGIN PRIVATE KEY-----\n",
    client_email: "a@b",
    client_id: "2",
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: "https://oauth2.googleapis.com/token",
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: "https://www.googleapis.com/robot/v1",
    universe_domain: "googleapis.com",
  };
  expect(parseStoreCredentials(JSON.stringify(services))).toEqual({
    projectId: "p",
    privateKey: "-----BEGIN PRIVATE KEY-----\n",
    clientEmail: "a@b",
    clientId: "2",
  });
});

test("so are files of OAuth clients and of users", () => {
  const client = { client_id: "1", client_secret: "s", auth_uri: "https://a", redirect_uris: ["http://localhost"] };
  expect(parseStoreCredentials(JSON.stringify({ installed: { ...client, project_id: "p" } }))).toEqual({
    clientId: "1",
    clientSecret: "s",
    projectId: "p",
  });
  const user = { type: "authorized_user", account: "", quota_project_id: "q", client_id: "1", refresh_token: "r" };
  expect(parseStoreCredentials(user)).toEqual({ clientId: "1", refreshToken: "r" });
});

test.each([
  [
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a2V5==;EndpointSuffix=core.windows.net",
    {
      azureStorageAccountName: "acme",
      azureStorageAccountKey: "a2V5==",
      azureAccountHost: "https://acme.blob.core.windows.net",
    },
  ],
  [
    "BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=abc%3D",
    { azureStorageSasToken: "sv=1&sig=abc%3D", azureAccountHost: "https://acme.blob.core.windows.net/" },
  ],
  [" AccountName=acme; AccountKey=a2V5;", { azureStorageAccountName: "acme", azureStorageAccountKey: "a2V5" }],
  ["UseDevelopmentStorage=true", { azureStorageAccountName: "devstoreaccount1" }],
])("the connection string of an account of Azure: %s", (text, expected) => {
  expect(parseStoreCredentials(text)).toMatchObject(expected);
});

test.each([
  ["hunter2", "are a text that is neither JSON nor a connection string"],
  ["Password=hunter2", "are a connection string that names no account"],
  [["hunter2"], "are no object"],
  [{ password: "hunter2" }, "have a field `password`, which is not known"],
  [{ privateKey: { hunter2: 1 } }, "have a field `privateKey` that is no text"],
])("refuses %j and shows no value", (native, reason) => {
  let error: unknown;
  try {
    parseStoreCredentials(native);
  } catch (caught) {
    error = caught;
  }
  expect(isDltError(error) && error.message).toBe(`The credentials of the files ${reason}.`);
  expect(String(error)).not.toContain("hunter2");
});
