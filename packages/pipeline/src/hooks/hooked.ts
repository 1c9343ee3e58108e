import { randomUUID } from "node:crypto";
import { isDltError } from "@dlt/core";
import type { LoadInfo } from "../info/load-info.js";
import { isSystemName } from "../info/package-text.js";
import type { Pipeline } from "../pipeline.js";
import type { HookedCall, HookOptions, RunHooks, SchemaChange } from "./run-hooks.js";

/** A pipeline, and the hooks that it was made with. */
export interface Hooked {
  readonly pipeline: Pipeline;
  readonly hooks: HookOptions["hooks"] | undefined;
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
  { pipeline, hooks }: Hooked,
  options: HookOptions,
  { call, loadOf }: { call(): Promise<Result>; loadOf(result: Result): LoadInfo | null },
): Promise<Result> {
  const all = [...listed(hooks), ...listed(options.hooks)];
  if (all.length === 0) return await call();
  const about: HookedCall = { pipeline, id: randomUUID(), startedAt: new Date() };
  await tell(all, "onStarted", (each) => each.onStarted?.(about));
  let result: Result;
  try {
    result = await call();
  } catch (error) {
    await tell(all, "onError", (each) => each.onError?.(error, about));
    throw error;
  }
  const info = loadOf(result);
  if (info !== null && !info.isEmpty) {
    for (const change of schemaChanges(info))
      await tell(all, "onSchemaChange", (each) => each.onSchemaChange?.(change, about));
    await tell(all, "onLoaded", (each) => each.onLoaded?.(info, about));
  }
  await tell(all, "onEnded", (each) => each.onEnded?.(info, about));
  return result;
}

function listed(hooks: Hooked["hooks"]): readonly RunHooks[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? (hooks as readonly RunHooks[]) : [hooks as RunHooks];
}

function schemaChanges(info: LoadInfo): readonly SchemaChange[] {
  return info.loadPackages.flatMap(({ loadId, schemaName, schemaUpdate }) => {
    const changed = Object.entries(schemaUpdate).filter(([name]) => !isSystemName(name));
    if (changed.length === 0) return [];
    const tables = Object.fromEntries(changed);
    const datasetName = info.metrics[loadId]?.[0]?.datasetName ?? info.datasetName;
    return [{ pipelineName: info.pipeline.pipelineName, loadId, schemaName, datasetName, tables }];
  });
}

/** One after the other, so that messages come in order. */
async function tell(all: readonly RunHooks[], name: keyof RunHooks, call: (hooks: RunHooks) => unknown): Promise<void> {
  for (const each of all) {
    try {
      await call(each);
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
