const told = new Set<string>();

/** Warns, unless this process said the same before: settings are looked up again and again. */
export function warnOnce(code: string, message: string, detail: string): void {
  const text = `${code}: ${message}`;
  if (told.has(text)) return;
  told.add(text);
  process.emitWarning(message, { type: "DltWarning", code, detail });
}
