export { type BucketLocation, type BucketScheme, parseBucketUrl } from "./bucket-url.js";
export {
  type AwsCredentials,
  type AzureCredentials,
  awsCredentialFields,
  azureCredentialFields,
  checkEndpoint,
  type GcpCredentials,
  gcpCredentialFields,
  invalidCredentials,
  revealed,
  type SecretText,
  type StoreCredentials,
  storeCredentialFields,
} from "./credentials.js";
export { deleteFiles } from "./delete-files.js";
export type {
  FailedDelete,
  FileContent,
  FileInfo,
  FileStore,
  FileStoreProvider,
  ReadOptions,
  StoreOptions,
} from "./file-store.js";
export { isKey } from "./keys.js";
export { localStore } from "./local-store.js";
export { memoryStore } from "./memory-store.js";
export { type ObjectClient, type ObjectPage, objectStoreProvider, type WriteRequest } from "./object-store.js";
export { parseStoreCredentials } from "./parse-credentials.js";
export { readBytes, readText } from "./read-file.js";
export { type Meaning, type ObjectRequest, untilStopped } from "./request.js";
export type { ContentSource } from "./source-file.js";
export { storeBelow } from "./store-below.js";
export { answerText, httpFailure, type ObjectFailure, type StoreFailure } from "./store-error.js";
