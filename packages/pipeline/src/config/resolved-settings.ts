import { isSecret } from "@dlt/core";
import type { ResolvedSetting } from "./config-context.js";

/** The settings of a pipeline that were given or found, the last of each. */
export class ResolvedSettings {
  readonly #settings = new Map<string, ResolvedSetting>();
  readonly #secrets = new Set<unknown>();

  note(setting: ResolvedSetting): void {
    const { owner, sections, key } = setting;
    const [value, defaultValue] = [shownValue(setting.value), shownValue(setting.defaultValue)];
    this.#settings.set(JSON.stringify([owner, sections, key]), { ...setting, value, defaultValue });
  }

  noteSecret(value: unknown): void {
    this.#secrets.add(value);
  }

  /** Texts of secrets that were given or found, and can be had. */
  secrets(): readonly string[] {
    return [...this.#secrets].map(textOf).filter((text) => text.length >= shortestSecret);
  }

  list(): readonly ResolvedSetting[] {
    return [...this.#settings.values()];
  }
}

/** Shorter ones are met by chance in any text. */
const shortestSecret = 4;

function textOf(secret: unknown): string {
  try {
    const text = isSecret(secret) ? secret.reveal() : secret;
    return typeof text === "string" ? text : "";
  } catch {
    // One that its vault does not give is in no text.
    return "";
  }
}

/** Values that are no text, number or boolean, nor a list of these, are objects of the application or connection settings: not shown. */
function shownValue(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      // https://user:password@host, and what follows a question mark may be signed.
      return value.replace(/:\/\/\S*@/g, "://***@").replace(/(?<=\S)\?\S*=\S*/g, "?***");
    case "number":
    case "boolean":
      return value;
    default:
      return Array.isArray(value) && value.every((each) => typeof each !== "object") ? value.map(shownValue) : null;
  }
}
