import type { LoadSupport } from "@dlt/core";
import { openLoadNotes } from "../package/load-notes.js";
import type { PackageStore } from "../package/package-store.js";
import { readColumns } from "./read-columns.js";
import { readRows } from "./read-rows.js";

/** What the engine does for destinations whose system reads no files and keeps no marks. */
export function loadSupport(store: Pick<PackageStore, "folder" | "reached">): LoadSupport {
  return { readRows, readColumns, openNotes: (loadId) => openLoadNotes(store, loadId) };
}
