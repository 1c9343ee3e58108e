import type { FileStore, ReadOptions } from "./file-store.js";

/** All bytes of a file. */
export async function readBytes(store: FileStore, key: string, options: ReadOptions = {}): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.get(key, options)) pieces.push(piece);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** The text of a file in UTF-8. */
export async function readText(store: FileStore, key: string, options: ReadOptions = {}): Promise<string> {
  return new TextDecoder().decode(await readBytes(store, key, options));
}
