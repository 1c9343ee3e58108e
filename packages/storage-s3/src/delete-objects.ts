import { createHash } from "node:crypto";
import { DeleteObjectsCommand, type S3Client } from "@aws-sdk/client-s3";

/** What one request deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deletesAtOnce = 1000;

/** Gives the objects that could not be deleted, with errors as the SDK throws them. */
export async function deleteObjects(
  client: S3Client,
  { bucket, keys, signal }: { readonly bucket: string; readonly keys: readonly string[]; readonly signal: AbortSignal },
): Promise<readonly { readonly key: string; readonly error: unknown }[]> {
  const Objects = keys.map((Key) => ({ Key }));
  const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
  if ((await client.config.requestChecksumCalculation()) === "WHEN_REQUIRED") addMd5(command);
  const { Errors = [] } = await client.send(command, { abortSignal: signal });
  return Errors.map(({ Key = "", Code = "", Message = "" }) => ({
    key: Key,
    error: Object.assign(new Error(Message), { name: Code }),
  }));
}

/** This request has to have a checksum; servers of other makers may know this kind alone, which the SDK has given up. */
function addMd5(command: DeleteObjectsCommand): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { readonly body: string; readonly headers: Record<string, string> };
      request.headers["content-md5"] = createHash("md5").update(request.body).digest("base64");
      return next(args);
    },
    { step: "build", name: "contentMd5" },
  );
}
