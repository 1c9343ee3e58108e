import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { type AzureCredentials, invalidCredentials, revealed } from "@dlt/storage";

/**
 * A client by key, by signature, by service principal, or by what the surroundings have, in this order. `urlHost` is the host that
 * the URL of the container names.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`
 */
export async function serviceClient(
  credentials: AzureCredentials,
  urlHost: string | undefined,
): Promise<BlobServiceClient> {
  const host = credentials.azureAccountHost ?? urlHost;
  const account = credentials.azureStorageAccountName ?? accountAt(host);
  if (account === undefined) {
    throw invalidCredentials(
      "name no account",
      "Set `azure_storage_account_name`, or name it in the URL: abfss://container@account.dfs.core.windows.net/path.",
    );
  }
  const url = serviceUrl(account, host);
  const key = revealed(credentials.azureStorageAccountKey);
  const signature = revealed(credentials.azureStorageSasToken);
  if (key !== undefined) return new BlobServiceClient(url, sharedKey(account, key));
  if (signature !== undefined) return new BlobServiceClient(`${url}?${signature.replace(/^\?/, "")}`);
  const { azureTenantId, azureClientId } = credentials;
  const secret = revealed(credentials.azureClientSecret);
  // Loaded when needed: it is larger than the rest.
  const { ClientSecretCredential, DefaultAzureCredential } = await import("@azure/identity");
  if (azureTenantId !== undefined && azureClientId !== undefined && secret !== undefined)
    return new BlobServiceClient(url, new ClientSecretCredential(azureTenantId, azureClientId, secret));
  if (azureTenantId !== undefined || azureClientId !== undefined || secret !== undefined) {
    throw invalidCredentials(
      "lack one of `azureTenantId`, `azureClientId` and `azureClientSecret`",
      "Give all three, or none of them to use those of the environment.",
    );
  }
  return new BlobServiceClient(url, new DefaultAzureCredential());
}

function sharedKey(account: string, key: string): StorageSharedKeyCredential {
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(key)) {
    throw invalidCredentials(
      "have an `azureStorageAccountKey` that is no Base64",
      "Copy the key of the account as a whole.",
    );
  }
  return new StorageSharedKeyCredential(account, key);
}

/** `https://acme.blob.core.windows.net` → `acme`; the hosts of emulators tell none. */
function accountAt(host: string | undefined): string | undefined {
  return /^(?:https:\/\/)?([a-z\d-]+)\.(?:blob|dfs)\./i.exec(host ?? "")?.[1];
}

/** The host for files of a data lake is that for blobs, too, under another name. */
function serviceUrl(account: string, host: string | undefined): string {
  if (host === undefined) return `https://${account}.blob.core.windows.net`;
  const url = /^https?:\/\//i.test(host) ? host : `https://${host}`;
  return url.replace(/\/+$/, "").replace(/\.dfs\.core\./, ".blob.core.");
}
