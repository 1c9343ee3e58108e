import { open } from "node:fs/promises";
import { DestinationError } from "@dlt/core";
import type { FileContent } from "./file-store.js";

/** What a file is made of, opened: its size is known, and any part of it can be read. */
export interface ContentSource extends AsyncDisposable {
  readonly bytes: number;
  /** Of a file of this machine. */
  readonly path: string | null;
  read(start: number, length: number): Promise<Uint8Array>;
}

/** @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`, as does reading */
export async function openSource(content: FileContent): Promise<ContentSource> {
  if (!(content instanceof Uint8Array)) return await openFile(content.path);
  return {
    bytes: content.byteLength,
    path: null,
    read: async (start, length) => content.subarray(start, start + length),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The error for a file of this machine that was to be put somewhere and cannot be read. */
export function unreadableSource(path: string, error: unknown): DestinationError {
  const { code } = error as NodeJS.ErrnoException;
  return new DestinationError(
    "DESTINATION_LOAD_FILE_UNREADABLE",
    `Could not read \`${path}\`: ${code ?? String(error)}.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
      context: { path },
      retryable: code === "EMFILE" || code === "ENFILE",
    },
  );
}

async function openFile(path: string): Promise<ContentSource> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw unreadableSource(path, error);
  });
  const fail = async (error: unknown): Promise<never> => {
    await file.close();
    throw unreadableSource(path, error);
  };
  const found = await file.stat().catch(fail);
  if (!found.isFile()) return await fail(Object.assign(new Error("It is no file."), { code: "EISDIR" }));
  return {
    bytes: found.size,
    path,
    async read(start, length) {
      const buffer = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await file.read(buffer, at, length - at, start + at).catch((error: unknown) => {
          throw unreadableSource(path, error);
        });
        if (bytesRead === 0) throw unreadableSource(path, new Error("it became shorter while it was read"));
        at += bytesRead;
      }
      return buffer;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
