import type { BucketLocation, BucketScheme } from "./bucket-url.js";

/** A file as a listing shows it. */
export interface FileInfo {
  /** Parts joined with `/`, relative to the store. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** What a file is made of: bytes, or a file of this machine. */
export type FileContent = Uint8Array | { readonly path: string };

export interface StoreOptions {
  /** Stops what is going on; its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends StoreOptions {
  /** Bytes from `start` up to and without `end`; what lies behind the file is left out. Default: all. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** A file that could not be deleted, and why. */
export interface FailedDelete {
  readonly key: string;
  readonly error: Error;
}

/**
 * Files by key in one place: a folder, a bucket, memory. A file is seen whole or not at all; what was put is seen by whoever
 * reads or lists afterwards. Calls may run at the same time.
 *
 * Methods throw a DestinationError that says whether trying again may help: `FILE_STORE_UNAVAILABLE`,
 * `DESTINATION_STORAGE_FULL` (retryable), `FILE_STORE_MISSING`, `FILE_STORE_DENIED`, `FILE_KEY_INVALID`, `FILE_STORE_FAILED`.
 */
export interface FileStore extends AsyncDisposable {
  /** For people: the URL of a file, with an empty key that of the whole store; without secrets. */
  urlOf(key: string): string;
  /**
   * Writes a file, over one that is there. Nothing is left of a file that could not be written as a whole.
   * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE` when the file of this machine cannot be read
   */
  put(key: string, content: FileContent, options?: StoreOptions): Promise<void>;
  /**
   * Writes a file unless there is one: true when it did. Of several that try at the same time, one succeeds. Whoever wrote it may
   * get false, too, when the first answer got lost on its way; what is there then tells.
   */
  putIfAbsent(key: string, content: FileContent, options?: StoreOptions): Promise<boolean>;
  /**
   * Reads a file piece by piece. Nothing is opened before the first piece is asked for.
   * @throws DestinationError `FILE_MISSING`
   */
  get(key: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** The files whose keys start with a text, in no particular order; page by page where the store has pages. */
  list(prefix: string, options?: StoreOptions): AsyncIterable<FileInfo>;
  /** Deletes files; those that are not there count as deleted. Gives those that could not be deleted. */
  delete(keys: readonly string[], options?: StoreOptions): Promise<readonly FailedDelete[]>;
  /** `null` when there is no such file. */
  stat(key: string, options?: StoreOptions): Promise<FileInfo | null>;
}

/** Opens stores of one kind; made by a package of a cloud, e.g. `s3Store({ regionName: "eu-west-1" })`. */
export interface FileStoreProvider {
  readonly scheme: BucketScheme;
  /** @throws ConfigError `FILE_STORE_CREDENTIALS_INVALID` */
  open(location: BucketLocation): Promise<FileStore>;
}
