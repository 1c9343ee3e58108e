import { ConfigError } from "@dlt/core";
import { type BucketScheme, type FileStoreProvider, localStore, type StoreCredentials } from "@dlt/storage";

/**
 * Finds what opens stores of a kind. Each cloud has a package of its own, which is imported when it is needed.
 * @throws ConfigError `FILE_STORE_NOT_INSTALLED`, `DESTINATION_IN_MEMORY`
 */
export async function storeProvider(
  scheme: BucketScheme,
  { credentials, localDir }: { readonly credentials: StoreCredentials; readonly localDir: string },
): Promise<FileStoreProvider> {
  switch (scheme) {
    case "file":
      return localStore({ localDir });
    case "s3":
      return (await installed("@dlt/storage-s3", () => import("@dlt/storage-s3"))).s3Store(credentials);
    case "gs":
      return (await installed("@dlt/storage-gcs", () => import("@dlt/storage-gcs"))).gcsStore(credentials);
    case "az":
      return (await installed("@dlt/storage-azure", () => import("@dlt/storage-azure"))).azureStore(credentials);
    case "memory":
      throw new ConfigError("DESTINATION_IN_MEMORY", "Files in memory would be lost when the pipeline ends.", {
        hint: 'Name a folder or a bucket, or hand over files that you keep: filesystem({ bucketUrl: "memory://m", store: memoryStore() }).',
      });
  }
}

/**
 * Imports a package that only those have who use it.
 * @throws ConfigError `FILE_STORE_NOT_INSTALLED`
 */
export async function installed<Module>(packageName: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message = "" } = error as NodeJS.ErrnoException;
    // A package that it needs itself may be missing as well: that is another matter.
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(`'${packageName}'`)) throw error;
    throw new ConfigError(
      "FILE_STORE_NOT_INSTALLED",
      `The package \`${packageName}\`, which reads and writes such buckets, is not installed.`,
      {
        hint: `Add it: ${addCommand()} ${packageName}`,
        context: { package: packageName },
      },
    );
  }
}

/** As the package manager writes it that started this process. */
function addCommand(): string {
  const manager = process.env["npm_config_user_agent"]?.split("/", 1)[0];
  return manager === "pnpm" || manager === "yarn" || manager === "bun" ? `${manager} add` : "npm install";
}
