import { isDltError } from "@dlt/core";
import { expect, test } from "vitest";
import { parseStoreCredentials } from "./credentials.js";

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

test.each([
  ["hunter2", "are a text that is no JSON"],
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
