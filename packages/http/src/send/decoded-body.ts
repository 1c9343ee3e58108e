const utf8 = new TextDecoder("utf-8", { fatal: true });
const lenientUtf8 = new TextDecoder("utf-8");

/**
 * A body as text by the charset of its content type; a byte order mark is left out. A charset that is not known counts as UTF-8.
 * @throws TypeError with `fatal`, for bytes that are no such text
 */
export function decodedBody(body: Uint8Array, headers: Headers, { fatal }: { readonly fatal: boolean }): string {
  const charset = charsetOf(headers);
  if (charset === null) return (fatal ? utf8 : lenientUtf8).decode(body);
  return new TextDecoder(charset, { fatal }).decode(body);
}

/** True when the bytes of a body are UTF-8 as they are. */
export function isUtf8(headers: Headers): boolean {
  return charsetOf(headers) === null;
}

/** The charset of a content type as decoders know it; `null` for UTF-8. */
function charsetOf(headers: Headers): string | null {
  const [, charset] = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers.get("content-type") ?? "") ?? [];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return null;
  try {
    const { encoding } = new TextDecoder(charset);
    return encoding === "utf-8" ? null : encoding;
  } catch {
    return null;
  }
}

/** What a body that is no JSON looks like, without showing it: `an HTML page`. */
export function bodyLooks(body: Uint8Array, headers: Headers): string {
  const start = lenientUtf8.decode(body.subarray(0, 512)).trimStart();
  if (/^<!doctype html|^<html/i.test(start)) return "an HTML page";
  if (start.startsWith("<")) return "XML";
  if (/^[[{]/.test(start)) return "JSON that is cut off or broken";
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim();
  return type === undefined || type === "" || /json/i.test(type) ? "other text" : `\`${type}\``;
}
