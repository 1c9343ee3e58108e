import { join } from "node:path";
import { localStore, memoryStore } from "@dlt/storage";
import { filesConformance } from "./files-conformance.js";

filesConformance("files in a folder", (folder) => ({ bucketUrl: join(folder, "lake"), store: localStore() }));
filesConformance("files in memory", () => ({ bucketUrl: "memory://lake", store: memoryStore() }));
