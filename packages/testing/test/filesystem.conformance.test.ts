import { join } from "node:path";
import { filesystem } from "@dlt/destination-filesystem";
import { type FileStoreProvider, localStore, memoryStore, parseBucketUrl } from "@dlt/storage";
import { destinationConformance } from "../src/conformance.js";
import { storedFileRows } from "./stored-files.js";

interface Place {
  readonly bucketUrl: string;
  readonly store: FileStoreProvider;
}

const stores: Readonly<Record<string, (folder: string) => Place>> = {
  "files in a folder": (folder) => ({ bucketUrl: join(folder, "lake"), store: localStore() }),
  "files in memory": () => ({ bucketUrl: "memory://lake", store: memoryStore() }),
};

for (const [name, place] of Object.entries(stores))
  destinationConformance({
    name,
    destination: filesystem,
    config: ({ folder }) => place(folder),
    async readTable({ store, bucketUrl }, dataset, table) {
      await using files = await store.open(parseBucketUrl(bucketUrl));
      return await storedFileRows(files, dataset, table);
    },
  });
