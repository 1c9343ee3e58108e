import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { DestinationError, type JobStep, type JsonValue, type LoadNotes } from "@dlt/core";
import { decodeJson, decodeTyped, encodeJson, plainValue, setOwnMember } from "@dlt/core/engine";
import { readFileIfPresent, syncFolder } from "../workspace/atomic-file.js";
import { withStorageErrors } from "../workspace/storage-error.js";
import { type PackageStore, stagePath } from "./package-store.js";

// `notes.jsonl` of a normalized package: a line for each step that was kept, typed JSON. `note` is what its job noted; `state` has what
// the step changed in the state of the load, `removed` the keys that it took away. A line that a crash cut off does not count, which is
// why each begins with a line break of its own.

/** Opens the notes of a package that is not loaded yet. @throws PackageError `STORAGE_…` */
export async function openLoadNotes(
  store: Pick<PackageStore, "folder" | "reached">,
  loadId: string,
): Promise<LoadNotes> {
  const path = stagePath(store, "normalized", loadId, "notes.jsonl");
  const notes = new StoredNotes({ path, loadId, reached: () => store.reached("load.step.kept") });
  for (const line of ((await readFileIfPresent(path)) ?? "").split("\n")) {
    const record = parsedRecord(line);
    if (record !== null) notes.apply(record);
  }
  return notes;
}

interface StepRecord {
  readonly job: string;
  readonly note: JsonValue;
  /** Values as typed JSON. */
  readonly state: ReadonlyMap<string, JsonValue>;
  readonly removed: readonly string[];
}

interface NotesPlace {
  readonly path: string;
  readonly loadId: string;
  reached(): void | Promise<void>;
}

class StoredNotes implements LoadNotes {
  readonly #place: NotesPlace;
  readonly #notes = new Map<string, JsonValue>();
  /** Values as typed JSON text, so that nobody changes them. */
  readonly #state = new Map<string, string>();
  #file: FileHandle | null = null;
  #waiting: string[] = [];
  /** The write that takes all lines that wait, once the one that is under way has ended; `null`: none wait. */
  #planned: Promise<void> | null = null;
  #underWay: Promise<void> = Promise.resolve();

  constructor(place: NotesPlace) {
    this.#place = place;
  }

  apply({ job, note, state, removed }: StepRecord): void {
    this.#notes.set(job, note);
    for (const [key, value] of state) this.#state.set(key, encodeJson(value));
    for (const key of removed) this.#state.delete(key);
  }

  ofJob(jobId: string): unknown {
    return plainValue(this.#notes.get(jobId) ?? null);
  }

  step(jobId: string): JobStep {
    const before = new Map(this.#state);
    const state: Record<string, unknown> = {};
    for (const [key, text] of before) setOwnMember(state, key, plainValue(decodeTyped(decodeJson(text))));
    return {
      state,
      keep: async (note) => {
        const record = changedRecord(jobId, { note, state: this.#encoded(state), before });
        await this.#append(encodeJson(record));
        this.apply(record);
        await this.#place.reached();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#planned ?? this.#underWay).catch(() => undefined);
    await this.#file?.close();
    this.#file = null;
  }

  /** Resolves once the line is on disk. Lines that come while others are written share a write: a sync takes a millisecond or more. */
  async #append(line: string): Promise<void> {
    this.#waiting.push(line);
    this.#planned ??= this.#writeWaiting();
    await this.#planned;
  }

  async #writeWaiting(): Promise<void> {
    await this.#underWay.catch(() => undefined);
    const lines = this.#waiting.splice(0);
    this.#planned = null;
    this.#underWay = this.#write(lines.map((line) => `\n${line}\n`).join(""));
    await this.#underWay;
  }

  async #write(text: string): Promise<void> {
    const { path } = this.#place;
    await withStorageErrors({ action: "write", path }, async () => {
      this.#file ??= await opened(path);
      await this.#file.appendFile(text);
      await this.#file.datasync();
    });
  }

  /** The members of a state as typed JSON text. */
  #encoded(state: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
    const members = Object.entries(state).filter(([, value]) => value !== undefined);
    return new Map(members.map(([key, value]) => [key, this.#encodedMember(key, value)]));
  }

  #encodedMember(key: string, value: unknown): string {
    try {
      return encodeJson(value, { typed: true });
    } catch (cause) {
      const { loadId } = this.#place;
      throw new DestinationError(
        "LOAD_STATE_INVALID",
        `\`${key}\` in the state of load \`${loadId}\` cannot be stored: ${(cause as Error).message} What was handed over with it is handed over again.`,
        {
          hint: "Keep plain values, lists and objects in the state, and typed values such as `Decimal` and `Timestamp`.",
          context: { load: loadId, key },
          cause,
        },
      );
    }
  }
}

async function opened(path: string): Promise<FileHandle> {
  const file = await open(path, "a");
  await syncFolder(dirname(path));
  return file;
}

function changedRecord(
  job: string,
  {
    note,
    state,
    before,
  }: {
    readonly note: unknown;
    readonly state: ReadonlyMap<string, string>;
    readonly before: ReadonlyMap<string, string>;
  },
): StepRecord {
  const changed = [...state].filter(([key, text]) => before.get(key) !== text);
  return {
    job,
    note: decodeJson(encodeJson(note)),
    state: new Map(changed.map(([key, text]) => [key, decodeJson(text)])),
    removed: [...before.keys()].filter((key) => !state.has(key)),
  };
}

/** `null` for a line that is empty or was cut off. */
function parsedRecord(line: string): StepRecord | null {
  if (line === "") return null;
  try {
    const { job, note, state, removed } = Object.fromEntries(decodeJson(line) as ReadonlyMap<string, JsonValue>);
    if (typeof job !== "string" || note === undefined || !(state instanceof Map) || !Array.isArray(removed))
      return null;
    return { job, note, state: state as ReadonlyMap<string, JsonValue>, removed: removed as readonly string[] };
  } catch {
    return null;
  }
}
