import type { ChunkSource } from "./chunk-content.js";
import { chunkContent } from "./chunk-content.js";
import type { PageTarget } from "./pages.js";
import { writeDataPages, writeDictionaryPage } from "./pages.js";
import type { ChunkLayout } from "./part-layout.js";
import { physicalType } from "./physical-type.js";
import { everyRow } from "./presence.js";
import { rangeOf } from "./statistics.js";

/** Appends the pages of a column and tells where they are. */
export function writeColumnChunk(target: PageTarget, source: ChunkSource): ChunkLayout {
  const physical = physicalType(source.place.column);
  const content = chunkContent(source, physical);
  const { values, coded, present } = content;
  const { out, codec } = target;
  const offset = out.length;
  const dictionaryUncompressed = coded === null ? 0 : writeDictionaryPage(target, values, coded.count);
  const dictionaryBytes = out.length - offset;
  const dataUncompressed = writeDataPages(target, content);
  return {
    type: physical.type,
    codec: codec.id,
    offset,
    dictionaryBytes,
    storedBytes: out.length - offset,
    uncompressedBytes: dictionaryUncompressed + dataUncompressed,
    nullCount: present.rowCount - present.count,
    range: rangeOf(values, coded === null ? present : everyRow(coded.count), physical),
  };
}
