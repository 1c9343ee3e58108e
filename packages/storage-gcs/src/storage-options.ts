import { type GcpCredentials, invalidCredentials, revealed } from "@dlt/storage";
import { IdempotencyStrategy, type StorageOptions } from "@google-cloud/storage";

/**
 * Settings of the client: a service account, else an OAuth client, else what the surroundings have.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`
 */
export function storageOptions(credentials: GcpCredentials): StorageOptions {
  const { projectId, clientEmail, clientId, endpointUrl } = credentials;
  const privateKey = revealed(credentials.privateKey);
  const clientSecret = revealed(credentials.clientSecret);
  const refreshToken = revealed(credentials.refreshToken);
  const shared = {
    // Each request here can be sent again after its answer got lost.
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryAlways },
    ...(projectId !== undefined && { projectId }),
    ...(endpointUrl !== undefined && { apiEndpoint: endpointUrl }),
  };
  if ((clientEmail === undefined) !== (privateKey === undefined)) {
    throw invalidCredentials(
      "have only one of `clientEmail` and `privateKey`",
      "Give both, e.g. the content of services.json, or neither to use those of the environment.",
    );
  }
  if (clientEmail !== undefined && privateKey !== undefined) {
    // Copies of a key often lose the line break at its end.
    const key = privateKey.endsWith("\n") ? privateKey : `${privateKey}\n`;
    return { ...shared, credentials: { client_email: clientEmail, private_key: key } };
  }
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined) {
    return {
      ...shared,
      credentials: {
        type: "authorized_user",
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
      },
    };
  }
  if (clientSecret !== undefined || refreshToken !== undefined) {
    throw invalidCredentials(
      "lack one of `clientId`, `clientSecret` and `refreshToken`",
      "Give all three, or none of them to use those of the environment.",
    );
  }
  return shared;
}
