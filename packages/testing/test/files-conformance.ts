import { filesystem } from "@dlt/destination-filesystem";
import { type FileStoreProvider, parseBucketUrl } from "@dlt/storage";
import { destinationConformance } from "../src/conformance.js";
import { storedFileRows } from "./stored-files.js";

/** An empty place for files, and what opens it. */
export interface FilesPlace {
  readonly bucketUrl: string;
  readonly store: FileStoreProvider;
}

/** Holds the destination for files to the suite, in one kind of store. */
export function filesConformance(name: string, place: (folder: string) => FilesPlace): void {
  destinationConformance({
    name,
    destination: filesystem,
    config: ({ folder }) => place(folder),
    async readTable({ store, bucketUrl }, dataset, table) {
      await using files = await store.open(parseBucketUrl(bucketUrl));
      return await storedFileRows(files, dataset, table);
    },
  });
}

let places = 0;

/** A path of its own in a bucket that is there. */
export function freshBucketUrl(bucket: string): string {
  places += 1;
  return `${bucket}/lake-${places}`;
}
