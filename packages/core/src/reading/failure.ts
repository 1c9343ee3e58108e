import {
  DestinationError,
  type DltError,
  isDltError,
  SchemaContractError,
  SchemaError,
  SourceError,
} from "../errors/index.js";
import type { ReadEnvironment } from "./environment.js";
import type { Item } from "./item.js";

/** Where something went wrong while a resource was read. */
export interface Place {
  readonly resource: string;
  /** e.g. `read`, `map (step 2)`. */
  readonly step: string;
  /** From 1; `null` for rows that are yielded one by one. */
  readonly page: number | null;
  /** From 1, in the page, or in the resource for rows that are yielded one by one; `null` for the page as a whole. */
  readonly row: number | null;
}

/** Counts what passes a step, so that an error can name the page and the row. */
export class PlaceCounter {
  readonly #resource: string;
  readonly #step: string;
  #pages = 0;
  #singleRows = 0;
  #firstRow = 0;
  #page: number | null = null;

  constructor(resource: string, step: string) {
    this.#resource = resource;
    this.#step = step;
  }

  /** To be called with each item, before its rows are looked at. */
  enter(item: Item): void {
    const singly = item.kind === "rows" && item.singly;
    this.#firstRow = singly ? this.#singleRows : 0;
    this.#page = singly ? null : ++this.#pages;
    if (singly) this.#singleRows += item.rows.length;
  }

  /** The place of a row of the item that was entered last, by its index; `null` for the item as a whole. */
  at(index: number | null): Place {
    return {
      resource: this.#resource,
      step: this.#step,
      page: this.#page,
      row: index === null ? null : this.#firstRow + index + 1,
    };
  }

  /** The place after the item that was entered last. */
  next(): Place {
    const place = { resource: this.#resource, step: this.#step };
    return this.#pages === 0 && this.#singleRows > 0
      ? { ...place, page: null, row: this.#singleRows + 1 }
      : { ...place, page: this.#pages + 1, row: null };
  }
}

/** Does work on the item that was entered last as a whole, and says in its errors which one that is. */
export function onItem<Result>(
  work: () => Result,
  places: PlaceCounter,
  environment: Pick<ReadEnvironment, "source" | "signal">,
): Result {
  return inPlace(work, places.at(null), environment);
}

/** Does work, and says in its errors where it was done. */
export function inPlace<Result>(
  work: () => Result,
  place: Place,
  environment: Pick<ReadEnvironment, "source" | "signal">,
): Result {
  try {
    return work();
  } catch (error) {
    throw failureAt(error, place, environment);
  }
}

/**
 * The error to throw for one that code of the author, or a rule of ours, threw at this place. What names its resource already,
 * and what is only the end of an aborted run, stays as it is.
 */
export function failureAt(
  error: unknown,
  place: Place,
  { source, signal }: Pick<ReadEnvironment, "source" | "signal">,
): unknown {
  if (signal.aborted) return error;
  if (isDltError(error) && "resource" in error.context) return error;
  const ofSource = source === null ? "" : ` of source \`${source}\``;
  const where = `Resource \`${place.resource}\`${ofSource} failed in ${place.step}${position(place)}`;
  const context = { ...(source !== null && { source }), ...place };
  const OwnError = isDltError(error) ? ownErrorOf(error) : null;
  if (isDltError(error) && OwnError !== null) {
    return new OwnError(error.code, `${where}: ${error.message}`, {
      ...(error.hint !== undefined && { hint: error.hint }),
      context: { ...context, ...error.context },
      cause: error,
      retryable: error.retryable,
    });
  }
  return new SourceError("RESOURCE_FAILED", `${where}: ${described(error)}`, {
    hint: "Correct the cause and run again.",
    context,
    cause: error,
    retryable: isDltError(error) && error.retryable,
  });
}

/** The class of an error that says by itself what is wrong with what a resource gave. */
function ownErrorOf({
  family,
  name,
}: DltError): typeof SourceError | typeof SchemaError | typeof DestinationError | null {
  if (family === "source") return SourceError;
  if (family === "destination") return DestinationError;
  if (name === "SchemaContractError") return SchemaContractError;
  return family === "schema" ? SchemaError : null;
}

function position({ page, row }: Place): string {
  return `${page === null ? "" : `, page ${page}`}${row === null ? "" : `, row ${row}`}`;
}

function described(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "it threw what is not an error";
}
