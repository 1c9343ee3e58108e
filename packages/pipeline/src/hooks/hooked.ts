import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { isDltError } from "@dlt/core";
import type { LoadInfo } from "../info/load-info.js";
import { isSystemName } from "../info/package-text.js";
import type { Pipeline } from "../pipeline.js";
import type { LoadedPackage } from "../run/claimed-pipeline.js";
import type { HookedCall, HookOptions, RunHooks, SchemaChange } from "./run-hooks.js";

/** A pipeline, and the hooks that it was made with. */
export interface Hooked {
  readonly pipeline: Pipeline;
  readonly hooks: HookOptions["hooks"] | undefined;
  /** What the last call loaded, also one that failed. */
  loaded(): readonly LoadedPackage[];
}

/** Makes a call and has hooks told when it begins and when it fails. */
export async function hookedCall<Result>(
  of: Hooked,
  options: HookOptions,
  call: () => Promise<Result>,
): Promise<Result> {
  return await hooked(of, options, { call, loadOf: () => null });
}

/** The same for a call that loads: hooks are told of what was loaded, too. */
export async function hookedLoad<Info extends LoadInfo>(
  of: Hooked,
  options: HookOptions,
  call: () => Promise<Info>,
): Promise<Info> {
  return await hooked(of, options, { call, loadOf: (info) => info });
}

async function hooked<Result>(
  of: Hooked,
  options: HookOptions,
  { call, loadOf }: { call(): Promise<Result>; loadOf(result: Result): LoadInfo | null },
): Promise<Result> {
  const { pipeline, hooks } = of;
  const all = [...listed(hooks), ...listed(options.hooks)];
  if (all.length === 0 || withinHook.getStore() === true) return await call();
  const about: HookedCall = { pipeline, id: randomUUID(), startedAt: new Date() };
  await tell(all, "onStarted", (each) => each.onStarted?.(about));
  const tellChanges = async (): Promise<void> => {
    for (const change of schemaChanges(of))
      await tell(all, "onSchemaChange", (each) => each.onSchemaChange?.(change, about));
  };
  let result: Result;
  try {
    result = await call();
  } catch (error) {
    await tellChanges();
    await tell(all, "onError", (each) => each.onError?.(error, about));
    throw error;
  }
  const info = loadOf(result);
  await tellChanges();
  if (info !== null && !info.isEmpty) await tell(all, "onLoaded", (each) => each.onLoaded?.(info, about));
  await tell(all, "onDone", (each) => each.onDone?.(info, about));
  return result;
}

function listed(hooks: Hooked["hooks"]): readonly RunHooks[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? (hooks as readonly RunHooks[]) : [hooks as RunHooks];
}

function schemaChanges({ pipeline, loaded }: Hooked): readonly SchemaChange[] {
  return loaded().flatMap(({ info: { loadId, schemaName, schemaUpdate }, datasetName }) => {
    const changed = Object.entries(schemaUpdate).filter(([name]) => !isSystemName(name));
    if (changed.length === 0) return [];
    const { pipelineName } = pipeline;
    return [{ pipelineName, loadId, schemaName, datasetName, tables: Object.fromEntries(changed) }];
  });
}

/** Set while a hook is called: its own calls of pipelines are told to none. */
const withinHook = new AsyncLocalStorage<true>();

/** One after the other, so that messages come in order. */
async function tell(all: readonly RunHooks[], name: keyof RunHooks, call: (hooks: RunHooks) => unknown): Promise<void> {
  for (const each of all) {
    try {
      await withinHook.run(true, async () => await call(each));
    } catch (error) {
      warnOf(name, error);
    }
  }
}

function warnOf(name: keyof RunHooks, error: unknown): void {
  const code = isDltError(error) ? `${error.code}: ` : "";
  const reason = error instanceof Error ? `${code}${error.message}` : String(error);
  process.emitWarning(`The hook \`${name}\` failed, and the call went on without it: ${reason}`, {
    type: "DltWarning",
    code: "HOOK_FAILED",
  });
}
