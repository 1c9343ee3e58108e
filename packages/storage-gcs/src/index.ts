export { type GcsStoreOptions, gcsStore } from "./gcs-store.js";
