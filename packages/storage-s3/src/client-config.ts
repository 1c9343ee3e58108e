import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { type AwsCredentials, checkEndpoint, invalidCredentials, revealed } from "@dlt/storage";

/** Where requests go first when nothing names a region. */
const fallbackRegion = "us-east-1";

/** A client for these settings. What is not given is left to the SDK: environment, profile, role of the machine. */
export async function openClient(credentials: AwsCredentials, timeoutMs: number): Promise<S3Client> {
  const config = clientConfig(credentials, timeoutMs);
  const client = new S3Client(config);
  try {
    await client.config.region();
    return client;
  } catch {
    client.destroy();
    // The SDK does not read the variable that other programs do. Redirects tell the region of a bucket that is elsewhere.
    return new S3Client({ ...config, region: process.env["AWS_DEFAULT_REGION"] ?? fallbackRegion });
  }
}

/** @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID` */
export function clientConfig(credentials: AwsCredentials, timeoutMs: number): S3ClientConfig {
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
  checkEndpoint(endpointUrl);
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
    ...(regionName !== undefined && { region: regionName }),
    ...(endpointUrl !== undefined && {
      endpoint: endpointUrl,
      // Checksums that are not asked for are refused by many servers of other makers.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
    forcePathStyle: s3UrlStyle === undefined ? endpointUrl !== undefined : s3UrlStyle === "path",
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: Math.min(timeoutMs, longestConnectMs), socketTimeout: timeoutMs },
  };
}

const longestConnectMs = 10_000;
