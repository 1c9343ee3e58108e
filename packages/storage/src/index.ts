export { type BucketLocation, type BucketScheme, parseBucketUrl } from "./bucket-url.js";
export {
  type AwsCredentials,
  type AzureCredentials,
  type GcpCredentials,
  invalidCredentials,
  parseStoreCredentials,
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
export { checkKey, checkPrefix } from "./keys.js";
export { localStore } from "./local-store.js";
export { memoryStore } from "./memory-store.js";
export { readBytes, readText } from "./read-file.js";
export { unreadableSource } from "./source-file.js";
export { storeBelow } from "./store-below.js";
export { answerText, type FailedAction, httpFailure, type StoreFailure, storeError } from "./store-error.js";
