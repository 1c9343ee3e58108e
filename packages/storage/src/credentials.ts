import { ConfigError, type ConfigField, type ConfigSpec, isSecret, type Secret } from "@dlt/core";

/** A secret given as its text or as a setting that was found. */
export type SecretText = string | Secret;

/** For S3. Without keys the chain of the SDK is asked: environment, profile, role of the machine. */
export interface AwsCredentials {
  readonly awsAccessKeyId?: string | undefined;
  readonly awsSecretAccessKey?: SecretText | undefined;
  readonly awsSessionToken?: SecretText | undefined;
  readonly profileName?: string | undefined;
  readonly regionName?: string | undefined;
  /** Of a server that speaks the protocol of S3, e.g. `https://minio.example.com`. */
  readonly endpointUrl?: string | undefined;
  /** `path` for servers that have no host name for each bucket. Default: `path` with an endpoint, otherwise `vhost`. */
  readonly s3UrlStyle?: string | undefined;
}

/** For Google Cloud Storage: a service account, or an OAuth client. Without either, those of the application's surroundings. */
export interface GcpCredentials {
  readonly projectId?: string | undefined;
  readonly clientEmail?: string | undefined;
  readonly privateKey?: SecretText | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: SecretText | undefined;
  readonly refreshToken?: SecretText | undefined;
  /** Of a server that speaks the protocol, e.g. an emulator. */
  readonly endpointUrl?: string | undefined;
}

/** For Azure: a key, a signature or a service principal. With the name of the account alone, those of the surroundings. */
export interface AzureCredentials {
  readonly azureStorageAccountName?: string | undefined;
  readonly azureStorageAccountKey?: SecretText | undefined;
  readonly azureStorageSasToken?: SecretText | undefined;
  /** Host of the account, or the URL of a server that speaks the protocol. Default: `<account>.blob.core.windows.net`. */
  readonly azureAccountHost?: string | undefined;
  readonly azureTenantId?: string | undefined;
  readonly azureClientId?: string | undefined;
  readonly azureClientSecret?: SecretText | undefined;
}

/** What stands for credentials: those of one cloud. */
export type StoreCredentials = AwsCredentials & GcpCredentials & AzureCredentials;

const plain: ConfigField<string | undefined> = { secret: false, optional: true };
const secret: ConfigField<Secret | undefined> = { secret: true, optional: true };

/** Names are those of Python dlt in camelCase. */
export const awsCredentialFields = {
  awsAccessKeyId: plain,
  awsSecretAccessKey: secret,
  awsSessionToken: secret,
  profileName: plain,
  regionName: plain,
  endpointUrl: plain,
  s3UrlStyle: plain,
} as const satisfies ConfigSpec;

export const gcpCredentialFields = {
  projectId: plain,
  clientEmail: plain,
  privateKey: secret,
  clientId: plain,
  clientSecret: secret,
  refreshToken: secret,
  endpointUrl: plain,
} as const satisfies ConfigSpec;

export const azureCredentialFields = {
  azureStorageAccountName: plain,
  azureStorageAccountKey: secret,
  azureStorageSasToken: secret,
  azureAccountHost: plain,
  azureTenantId: plain,
  azureClientId: plain,
  azureClientSecret: secret,
} as const satisfies ConfigSpec;

/** The fields of credentials of any cloud, so that they can be looked up one by one. */
export const storeCredentialFields = { ...awsCredentialFields, ...gcpCredentialFields, ...azureCredentialFields };

/** The text of a secret. */
export function revealed(secret: SecretText | undefined): string | undefined {
  return isSecret(secret) ? secret.reveal() : secret;
}

/**
 * Refuses the URL of a server that is none.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`
 */
export function checkEndpoint(endpointUrl: string | undefined): void {
  if (endpointUrl === undefined || (/^https?:\/\//i.test(endpointUrl) && URL.canParse(endpointUrl))) return;
  throw invalidCredentials("have an `endpointUrl` that is no URL", "Give one such as https://minio.example.com:9000.");
}

/** An error about credentials: `reason` goes on "The credentials of the files …" and has no value in it. */
export function invalidCredentials(reason: string, hint: string): ConfigError {
  return new ConfigError("FILE_STORE_CREDENTIALS_INVALID", `The credentials of the files ${reason}.`, { hint });
}
