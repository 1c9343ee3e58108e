import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import { startServer } from "./server-process.js";
import { namedService } from "./services.js";

export interface ObjectStoreServer {
  readonly endpointUrl: string;
}

/** A server that speaks the protocol of S3, and who may use it. */
export async function startS3(): Promise<
  ObjectStoreServer & { readonly accessKeyId: string; readonly secretAccessKey: string }
> {
  const accessKeyId = process.env["DLT_TEST_S3_KEY"] ?? "test";
  const secretAccessKey = process.env["DLT_TEST_S3_SECRET"] ?? "testtest";
  const endpointUrl = namedService("s3") ?? (await startVersitygw({ accessKeyId, secretAccessKey }));
  return { endpointUrl, accessKeyId, secretAccessKey };
}

/** A server that speaks the protocol of Google Cloud Storage and lets everybody in. */
export async function startGcs(): Promise<ObjectStoreServer> {
  return { endpointUrl: namedService("gcs") ?? (await startFakeGcs()) };
}

async function startVersitygw(root: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "dlt-s3-"));
  const files = join(folder, "files");
  mkdirSync(files);
  await startServer({
    program: "versitygw",
    // Metadata beside the files: not every file system has extended attributes.
    args: ["--port", `127.0.0.1:${port}`, "posix", "--sidecar", sidecarIn(folder), files],
    port,
    folder,
    env: { ROOT_ACCESS_KEY: root.accessKeyId, ROOT_SECRET_KEY: root.secretAccessKey },
  });
  return `http://127.0.0.1:${port}`;
}

function sidecarIn(folder: string): string {
  const sidecar = join(folder, "metadata");
  mkdirSync(sidecar);
  return sidecar;
}

async function startFakeGcs(): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "dlt-gcs-"));
  const options = { backend: "memory", scheme: "http", host: "127.0.0.1", port: String(port), "external-url": url };
  await startServer({
    program: "fake-gcs-server",
    args: Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]),
    port,
    folder,
  });
  return url;
}
