import { inspect } from "node:util";

/** What reads well when it is printed, and can be loaded as a row. */
export interface Printable {
  /** For people: several lines of text. */
  toString(): string;
  /** Plain data: objects, lists, dates, numbers, texts. */
  asObject(): Readonly<Record<string, unknown>>;
  /** The same, so that `JSON.stringify` and `run([info])` take it. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** Gives data the methods of `Printable`; they are not enumerable, so that the data stays what it is. */
export function printable<Data extends object>(
  data: Data,
  form: { text(data: Data): string; object(data: Data): Readonly<Record<string, unknown>> },
): Data & Printable {
  const methods = {
    toString: () => form.text(data),
    asObject: () => form.object(data),
    toJSON: () => form.object(data),
    [inspect.custom]: () => form.text(data),
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(data, key, { value: Reflect.get(methods, key), enumerable: false });
  }
  return data as Data & Printable;
}
