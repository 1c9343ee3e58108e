/** A field of a CSV file: the value, and whether it stands in quotes. */
export interface CsvField {
  readonly value: string;
  readonly isQuoted: boolean;
}

/** The lines of a CSV file, field by field. */
export function csvLines(text: string, delimiter: string): readonly (readonly CsvField[])[] {
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\n]*?))([${delimiter}]|\\r?\\n)`, "gy");
  const lines: CsvField[][] = [];
  let line: CsvField[] = [];
  let end = 0;
  for (const match of text.matchAll(field)) {
    const [whole, quoted, bare = "", separator] = match;
    line.push({ value: quoted?.replaceAll('""', '"') ?? bare, isQuoted: quoted !== undefined });
    end = match.index + whole.length;
    if (separator === delimiter) continue;
    lines.push(line);
    line = [];
  }
  if (end !== text.length || line.length > 0) throw new Error(`The CSV file is broken at ${end}.`);
  return lines;
}
