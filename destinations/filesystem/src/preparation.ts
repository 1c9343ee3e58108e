import type { LoadPlan, PartialTable } from "@dlt/core";
import { deleteFiles, type StoreOptions } from "@dlt/storage";
import { changedTables } from "./changed-tables.js";
import { isComplete } from "./completed-loads.js";
import type { FilesDataset } from "./dataset.js";
import { type NamingOptions, objectNames } from "./layout/object-names.js";
import { filesOfTable } from "./layout/table-files.js";
import { type LoadNames, readNames } from "./load-names.js";
import { initContent, initKey, readVersion, showsCompression } from "./storage-version.js";
import { hasSchema, newestSchema, schemaFile, schemaKeys } from "./stored-schemas.js";

export type FileNaming = Omit<NamingOptions, "showsCompression">;

/** One thing to do before the jobs of a load, in words and in deed. */
interface Step {
  /** How often it has an effect now: a number of files. */
  count(): Promise<number>;
  readonly text: string;
  run(): Promise<void>;
}

/** What brings a dataset to where the jobs of a load can start. */
export interface Preparation {
  /** In their order; each may be repeated. */
  readonly steps: readonly Step[];
  readonly changes: readonly PartialTable[];
  readonly names: LoadNames;
}

/** Looks at what is there and plans what is to be done; `null` for a load that is prepared or complete. Changes nothing. */
export async function planPreparation(
  dataset: FilesDataset,
  plan: LoadPlan,
  naming: FileNaming,
  options: StoreOptions,
): Promise<Preparation | null> {
  if ((await readNames(dataset, plan.loadId, options)) !== null) return null;
  if (await isComplete(dataset, plan, options)) return null;
  const version = await readVersion(dataset.store, options);
  const stored = await newestSchema(dataset, plan.schemaName, options);
  const names = objectNames(plan, { ...naming, showsCompression: showsCompression(version) });
  const steps = plan.drop.map((table) => deleteTable(dataset, { table, plan, naming }, options));
  if (plan.drop.length > 0) {
    const keys = new Set(await schemaKeys(dataset, plan.schemaName, options));
    const prefix = `${dataset.folders.version}/${plan.schemaName}__`;
    steps.push(deleteStep(dataset, { prefix, isMeant: (key) => keys.has(key) }, options));
  }
  for (const table of plan.truncate) steps.push(deleteTable(dataset, { table, plan, naming }, options));
  const init = initContent(version);
  if (init !== null) steps.push(writeStep(dataset, { key: initKey, content: init }, options));
  if (plan.drop.length > 0 || !(await hasSchema(dataset, plan, options)))
    steps.push(writeStep(dataset, schemaFile(dataset, plan), options));
  return { steps, names, changes: changedTables(plan, stored?.schema ?? null) };
}

function deleteTable(
  dataset: FilesDataset,
  { table, plan, naming }: { readonly table: string; readonly plan: LoadPlan; readonly naming: FileNaming },
  options: StoreOptions,
): Step {
  return deleteStep(dataset, filesOfTable(table, naming.layout, plan.schemaName), options);
}

function deleteStep(
  { store }: FilesDataset,
  { prefix, isMeant }: { readonly prefix: string; isMeant(key: string): boolean },
  options: StoreOptions,
): Step {
  return {
    text: `DELETE ${store.urlOf(prefix)}*`,
    async count() {
      let count = 0;
      for await (const { key } of store.list(prefix, options)) if (isMeant(key)) count += 1;
      return count;
    },
    run: () => deleteFiles(store, prefix, { ...options, isMeant }),
  };
}

function writeStep(
  { store }: FilesDataset,
  { key, content }: { readonly key: string; readonly content: Uint8Array },
  options: StoreOptions,
): Step {
  return {
    text: `WRITE ${store.urlOf(key)}`,
    count: async () => 1,
    run: () => store.put(key, content, options),
  };
}
