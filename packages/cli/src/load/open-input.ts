import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Cli } from "../cli.js";
import { CliError } from "../errors.js";
import { formatOfName, formatOfText, type InputFormat } from "./input-format.js";

/** Text of rows, decompressed, and the format that it is in. */
export interface Input {
  readonly format: InputFormat;
  readonly bytes: Readable;
}

/**
 * Opens what rows are read from: `-` for the standard input, otherwise a file. The format is the one given, that of the name, or what the
 * text looks like.
 * @throws CliError `CLI:INPUT_UNREADABLE`
 */
export async function openInput({ terminal }: Cli, from: string, given: InputFormat | undefined): Promise<Input> {
  if (isPipe(from) && "isTTY" in terminal.stdin && terminal.stdin.isTTY === true)
    throw new CliError("CLI:INPUT_UNREADABLE", "There is nothing to read: the standard input is a terminal.", {
      hint: "Pipe rows into the command, e.g. `cat events.jsonl | dlt load - --table events`, or give a file.",
    });
  const raw = isPipe(from) ? terminal.stdin : createReadStream(resolve(terminal.cwd, from));
  const { beginning, all } = await withBeginning(decompressed(raw, from));
  const format = given ?? (isPipe(from) ? null : formatOfName(from)) ?? formatOfText(beginning);
  return { format, bytes: all };
}

function isPipe(from: string): boolean {
  return from === "-";
}

/** The stream, or what is in it where it is compressed with gzip. Errors come out where it is read. */
async function* decompressed(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    const { beginning, all } = await withBeginning(stream);
    const isGzip = beginning[0] === 0x1f && beginning[1] === 0x8b;
    yield* isGzip ? pipeline(all, createGunzip(), () => undefined) : all;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      "CLI:INPUT_UNREADABLE",
      `${isPipe(name) ? "The standard input" : `\`${name}\``} cannot be read: ${reason}.`,
      {
        hint: isPipe(name)
          ? "Check what the text comes from: it may be cut off."
          : "Check the path, and whether the file is whole.",
        cause: error,
      },
    );
  }
}

async function withBeginning(
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly beginning: Uint8Array; readonly all: Readable }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  const beginning: Uint8Array = first.done === true ? new Uint8Array(0) : first.value;
  async function* all(): AsyncGenerator<Uint8Array> {
    if (first.done === true) return;
    yield beginning;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { beginning, all: Readable.from(all(), { objectMode: false }) };
}
