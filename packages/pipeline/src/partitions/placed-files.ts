import { join } from "node:path";
import { fileId, formatJobName } from "@dlt/core/engine";
import { linkFile } from "../package/imported-file.js";
import type { FileEntry } from "../package/manifest.js";

/** The load files of a package that is put together: numbered by table in the order in which they are placed. */
export class PlacedFiles {
  readonly #folder: string;
  readonly #loadId: string;
  readonly #placed: () => void | Promise<void>;
  readonly #counts = new Map<string, number>();
  readonly #files: FileEntry[] = [];

  /** @param placed called after each file */
  constructor(folder: string, loadId: string, placed: () => void | Promise<void>) {
    this.#folder = folder;
    this.#loadId = loadId;
    this.#placed = placed;
  }

  get files(): readonly FileEntry[] {
    return this.#files;
  }

  has(table: string): boolean {
    return this.#counts.has(table);
  }

  /** Takes files of another folder in: as links where the file system has them, otherwise as copies. */
  async place(files: readonly FileEntry[], from: string): Promise<void> {
    for (const file of files) {
      const { table, name: given } = file;
      const number = this.#counts.get(table) ?? 0;
      this.#counts.set(table, number + 1);
      const id = fileId(this.#loadId, table, number);
      const format = given.slice(given.indexOf(`.${file.fileId}.`) + file.fileId.length + 2);
      const name = formatJobName({ table, fileId: id, format });
      await linkFile(join(from, given), join(this.#folder, name));
      this.#files.push({ ...file, fileId: id, name });
      await this.#placed();
    }
  }
}
