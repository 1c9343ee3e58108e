export { parseCursorPath } from "./cursor/cursor-path.js";
export { compareCursors } from "./cursor/cursor-value.js";
export { resumption } from "./cursor/resumption.js";
export type { CheckpointTaker, ReadEnvironment } from "./environment.js";
export { failureAt, PlaceCounter } from "./failure.js";
export {
  type Checkpoint,
  type ColumnsItem,
  type EncodedItem,
  type FileItem,
  type Item,
  type ModelItem,
  type Passing,
  type RowsItem,
  rowsItem,
  type TextItem,
} from "./item.js";
export { JsonScanner } from "./json-scanner.js";
export { listPartitions } from "./list-partitions.js";
export { rememberText } from "./page-text.js";
export { parseJson } from "./parse-json.js";
export { plainValue } from "./plain-value.js";
export { readItems } from "./read-items.js";
export { plainRows, sameRows } from "./rows-of.js";
export { installState, recordsByName } from "./stored-state.js";
