import { checkEndpoint, type GcpCredentials, invalidCredentials, revealed } from "@dlt/storage";
import { IdempotencyStrategy, type StorageOptions } from "@google-cloud/storage";

/**
 * Settings of the client: a service account, else an OAuth client, else what the surroundings have.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`
 */
export function storageOptions(credentials: GcpCredentials, timeoutMs: number): StorageOptions {
  const { projectId, endpointUrl } = credentials;
  checkEndpoint(endpointUrl);
  const given = givenCredentials(credentials);
  return {
    timeout: timeoutMs,
    // Each request here can be sent again after its answer got lost.
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryAlways },
    ...(projectId !== undefined && { projectId }),
    // Emulators want no credentials: other servers get those that are given for them, and never those of the surroundings.
    ...(endpointUrl !== undefined && { apiEndpoint: endpointUrl, useAuthWithCustomEndpoint: given !== undefined }),
    ...(given !== undefined && { credentials: given }),
  };
}

function givenCredentials(credentials: GcpCredentials): StorageOptions["credentials"] | undefined {
  const { clientEmail, clientId } = credentials;
  const privateKey = revealed(credentials.privateKey);
  const clientSecret = revealed(credentials.clientSecret);
  const refreshToken = revealed(credentials.refreshToken);
  if ((clientEmail === undefined) !== (privateKey === undefined)) {
    throw invalidCredentials(
      "have only one of `clientEmail` and `privateKey`",
      "Give both, e.g. the content of services.json, or neither to use those of the environment.",
    );
  }
  if (clientEmail !== undefined && privateKey !== undefined)
    return { client_email: clientEmail, private_key: withLineBreaks(privateKey) };
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined) {
    return {
      type: "authorized_user",
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    };
  }
  if (clientSecret !== undefined || refreshToken !== undefined) {
    throw invalidCredentials(
      "lack one of `clientId`, `clientSecret` and `refreshToken`",
      "Give all three, or none of them to use those of the environment.",
    );
  }
  return undefined;
}

/** Copies of a key often lose the line break at its end, and in variables all of them are often written as `\n`. */
function withLineBreaks(key: string): string {
  const broken = key.replaceAll("\\n", "\n");
  return broken.endsWith("\n") ? broken : `${broken}\n`;
}
