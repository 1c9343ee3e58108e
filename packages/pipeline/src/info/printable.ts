import { inspect } from "node:util";

/** What reads well when it is printed, and can be loaded as a row. */
export interface Printable {
  /** For people: several lines of text. */
  toString(): string;
  /** The same as data, with names in snake_case: objects, lists, dates, numbers, texts. `run([info])` loads it. */
  asDict(): Readonly<Record<string, unknown>>;
  /** `asDict`, for `JSON.stringify`. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** Gives data the methods of `Printable`; they are not enumerable, so that the data stays what it is. */
export function printable<Data extends object>(
  data: Data,
  form: { text(data: Data): string; dict(data: Data): Readonly<Record<string, unknown>> },
): Data & Printable {
  const methods = {
    toString: () => form.text(data),
    asDict: () => form.dict(data),
    toJSON: () => form.dict(data),
    [inspect.custom]: () => form.text(data),
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(data, key, { value: Reflect.get(methods, key), enumerable: false });
  }
  return data as Data & Printable;
}
