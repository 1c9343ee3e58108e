import type { ColumnsBuffer } from "./columns-buffer.js";
import type { LinesBuffer } from "./lines-buffer.js";

export type OpenBuffer = LinesBuffer | ColumnsBuffer;

/** The chunks that are being filled, and how many bytes they hold together. */
export class OpenBuffers {
  readonly #buffers = new Map<string, OpenBuffer>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get all(): Iterable<OpenBuffer> {
    return this.#buffers.values();
  }

  get(key: string): OpenBuffer | undefined {
    return this.#buffers.get(key);
  }

  open(key: string, buffer: OpenBuffer): void {
    this.#buffers.set(key, buffer);
    this.#bytes += buffer.bytes;
  }

  close(key: string, buffer: OpenBuffer): void {
    this.#buffers.delete(key);
    this.#bytes -= buffer.bytes;
  }

  /** Puts something into a buffer or takes something out, and keeps count. */
  change<Result>(buffer: OpenBuffer, change: () => Result): Result {
    this.#bytes -= buffer.bytes;
    const result = change();
    this.#bytes += buffer.bytes;
    return result;
  }

  /** Buffers of these resources, with their keys. */
  of(resources: ReadonlySet<string>): readonly (readonly [string, OpenBuffer])[] {
    return [...this.#buffers].filter(([, { place }]) => resources.has(place.resource));
  }

  largest(): readonly [string, OpenBuffer] | undefined {
    return [...this.#buffers].sort(([, a], [, b]) => b.bytes - a.bytes)[0];
  }
}
