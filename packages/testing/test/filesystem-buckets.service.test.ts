import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { gcsStore } from "@dlt/storage-gcs";
import { s3Store } from "@dlt/storage-s3";
import { isUsable, startGcs, startS3 } from "@dlt/test-servers";
import { Storage } from "@google-cloud/storage";
import { describe } from "vitest";
import { filesConformance, freshBucketUrl } from "./files-conformance.js";

const bucket = `dlt-conformance-${Date.now().toString(36)}`;

describe.skipIf(!isUsable("s3"))("S3", async () => {
  if (!isUsable("s3")) return;
  const { endpointUrl, ...credentials } = await startS3();
  const client = new S3Client({ endpoint: endpointUrl, region: "us-east-1", forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  const { accessKeyId: awsAccessKeyId, secretAccessKey: awsSecretAccessKey } = credentials;
  filesConformance("files in S3", () => ({
    bucketUrl: freshBucketUrl(`s3://${bucket}`),
    store: s3Store({ endpointUrl, awsAccessKeyId, awsSecretAccessKey }),
  }));
});

describe.skipIf(!isUsable("gcs"))("Google Cloud Storage", async () => {
  if (!isUsable("gcs")) return;
  const credentials = { projectId: "test", ...(await startGcs()) };
  await new Storage({ projectId: "test", apiEndpoint: credentials.endpointUrl }).createBucket(bucket);
  filesConformance("files in Google Cloud Storage", () => ({
    bucketUrl: freshBucketUrl(`gs://${bucket}`),
    store: gcsStore(credentials),
  }));
});
