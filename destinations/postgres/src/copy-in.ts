import type { Writable } from "node:stream";
import { interruptedError } from "@dlt/sql";
import type pg from "pg";
import { from } from "pg-copy-streams";

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
  let refusal: { readonly error: unknown } | null = null;
  const refused = new Promise<never>((_, reject) => {
    stream.once("error", (error) => {
      refusal = { error };
      reject(error);
    });
  });
  // It may be there before anybody waits for it.
  refused.catch(() => undefined);
  /** The driver's stream cannot be used after a refusal. */
  const unlessRefused = async (step: () => Promise<void>): Promise<void> => {
    if (signal?.aborted) throw interruptedError(signal);
    await (refusal === null ? Promise.race([refused, step()]) : refused);
  };
  try {
    for await (const chunk of bytes) await unlessRefused(() => written(stream, chunk));
    await unlessRefused(() => ended(stream));
    return stream.rowCount;
  } catch (error) {
    // After a refusal the server waits for no more.
    if (refusal === null) await dropped(stream, error);
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
