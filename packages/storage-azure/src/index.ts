export { type AzureStoreOptions, azureStore } from "./azure-store.js";
