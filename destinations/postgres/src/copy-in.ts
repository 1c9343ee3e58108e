import type { Writable } from "node:stream";
import type pg from "pg";
import { from } from "pg-copy-streams";
import { interruptedError } from "./session.js";

/**
 * Sends bytes to a `COPY … FROM STDIN` and waits until the server has taken all of them; gives the number of rows. When the bytes end
 * with an error, or the signal is aborted, the server is told to drop what it has.
 */
export async function copyIn(
  client: pg.Client,
  text: string,
  { bytes, signal }: { readonly bytes: AsyncIterable<Uint8Array>; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const stream = client.query(from(text));
  let isRefused = false;
  const refused = new Promise<never>((_, reject) => {
    stream.once("error", (error) => {
      isRefused = true;
      reject(error);
    });
  });
  // It is looked at below, but maybe not before it is there.
  refused.catch(() => undefined);
  try {
    for await (const chunk of bytes) {
      if (signal?.aborted) throw interruptedError(signal);
      await Promise.race([refused, written(stream, chunk)]);
    }
    if (signal?.aborted) throw interruptedError(signal);
    await Promise.race([refused, ended(stream)]);
    return stream.rowCount;
  } catch (error) {
    // After a refusal the server waits for no more.
    if (!isRefused) await dropped(stream, error);
    throw error;
  }
}

function written(stream: Writable, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function ended(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.end(() => resolve());
  });
}

/** The server answers with an error of its own, which says no more. */
function dropped(stream: Writable, error: unknown): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", () => resolve());
    stream.destroy(error instanceof Error ? new Error("The load was stopped.") : undefined);
  });
}
