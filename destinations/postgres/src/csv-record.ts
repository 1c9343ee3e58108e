/**
 * The fields of the first record of a CSV text, and where it ends, behind its line end; `null` when more text is needed. A byte order
 * mark is no part of it.
 */
export function firstRecord(
  text: string,
  { delimiter, isWhole }: { readonly delimiter: string; readonly isWhole: boolean },
): readonly string[] | null {
  const fields: string[] = [];
  let field = "";
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let isQuoted = false;
  for (; at < text.length; at++) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (at + 1 === text.length && !isWhole) return null;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === delimiter) {
      fields.push(field);
      field = "";
    } else if (character === "\n" || character === "\r") return [...fields, field];
    else field += character;
  }
  if (!isWhole) return null;
  return text === "" ? [] : [...fields, field];
}
