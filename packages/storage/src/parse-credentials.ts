import { isSecret } from "@dlt/core";
import { invalidCredentials, type StoreCredentials, storeCredentialFields } from "./credentials.js";

/** Fields of files that Google gives out which say nothing that is needed. */
const ignoredFields = new Set([
  "account",
  "authProviderX509CertUrl",
  "authUri",
  "clientType",
  "clientX509CertUrl",
  "javascriptOrigins",
  "privateKeyId",
  "quotaProjectId",
  "redirectUris",
  "scopes",
  "tokenUri",
  "type",
  "universeDomain",
]);

/**
 * Reads credentials that are given as a whole: an object; JSON text such as that of a `services.json` or of an OAuth client; or a
 * connection string of Azure. Names may be camelCase or snake_case.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`; its message has no value
 */
export function parseStoreCredentials(native: unknown): StoreCredentials {
  const object = typeof native === "string" ? fromText(native) : native;
  if (!isRecord(object)) throw invalid("are no object");
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(unwrapped(object))) {
    const name = key.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
    if (value === undefined || value === null || ignoredFields.has(name)) continue;
    if (!Object.hasOwn(storeCredentialFields, name)) throw invalid(`have a field \`${key}\`, which is not known`);
    if (typeof value !== "string" && !isSecret(value)) throw invalid(`have a field \`${key}\` that is no text`);
    read[name] = value;
  }
  return read;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The file of an OAuth client has all in one field that tells its kind. */
function unwrapped(object: Fields): Fields {
  const inner = object["installed"] ?? object["web"];
  return Object.keys(object).length === 1 && isRecord(inner) ? inner : object;
}

function fromText(text: string): unknown {
  if (/^\s*\w+=[^;]*(?:;|$)/.test(text)) return fromConnectionString(text);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("are a text that is neither JSON nor a connection string");
  }
}

/** Of an account of Azure: https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
function fromConnectionString(text: string): StoreCredentials {
  const parts = text.split(";").filter((part) => part.trim() !== "");
  const given = new Map(parts.map((part): [string, string] => splitAt(part.trim(), part.trim().indexOf("="))));
  if (given.get("UseDevelopmentStorage") === "true") return emulator;
  const account = given.get("AccountName");
  const suffix = given.get("EndpointSuffix");
  const protocol = given.get("DefaultEndpointsProtocol") ?? "https";
  const host =
    given.get("BlobEndpoint") ?? (suffix === undefined ? undefined : `${protocol}://${account}.blob.${suffix}`);
  if (account === undefined && host === undefined) throw invalid("are a connection string that names no account");
  return {
    azureStorageAccountName: account,
    azureStorageAccountKey: given.get("AccountKey"),
    azureStorageSasToken: given.get("SharedAccessSignature"),
    azureAccountHost: host,
  };
}

/** The emulator Azurite, whose key everybody knows: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const emulator: StoreCredentials = {
  azureStorageAccountName: "devstoreaccount1",
  azureStorageAccountKey: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
  azureAccountHost: "http://127.0.0.1:10000/devstoreaccount1",
};

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}

function invalid(reason: string): Error {
  return invalidCredentials(
    reason,
    `Give an object with fields such as ${Object.keys(storeCredentialFields).slice(0, 3).join(", ")}, or leave credentials out.`,
  );
}
