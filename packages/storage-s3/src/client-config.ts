import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { type AwsCredentials, invalidCredentials, revealed } from "@dlt/storage";

/**
 * Settings of the client. What is not given is left to the SDK: environment, profile, role of the machine.
 * @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID`
 */
export function clientConfig(credentials: AwsCredentials): S3ClientConfig {
  const { awsAccessKeyId, profileName, regionName, endpointUrl, s3UrlStyle } = credentials;
  const secretAccessKey = revealed(credentials.awsSecretAccessKey);
  const sessionToken = revealed(credentials.awsSessionToken);
  if ((awsAccessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw invalidCredentials(
      "have only one of `awsAccessKeyId` and `awsSecretAccessKey`",
      "Give both, or neither to use those of the environment.",
    );
  }
  if (s3UrlStyle !== undefined && s3UrlStyle !== "path" && s3UrlStyle !== "vhost")
    throw invalidCredentials("have another `s3UrlStyle` than `path` or `vhost`", "Use `path` or `vhost`.");
  return {
    ...(awsAccessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: {
          accessKeyId: awsAccessKeyId,
          secretAccessKey,
          ...(sessionToken !== undefined && { sessionToken }),
        },
      }),
    ...(profileName !== undefined && { profile: profileName }),
    // Servers of other makers have one region, whatever it is called; the SDK wants a name.
    ...((regionName ?? (endpointUrl === undefined ? undefined : "us-east-1")) !== undefined && {
      region: regionName ?? "us-east-1",
    }),
    ...(endpointUrl !== undefined && {
      endpoint: endpointUrl,
      // Checksums that are not asked for are refused by many of them.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
    forcePathStyle: s3UrlStyle === undefined ? endpointUrl !== undefined : s3UrlStyle === "path",
  };
}
