/** End of the literal, quoted identifier or comment that begins at `start`; `start` when none begins there. */
export function endOfProtected(sql: string, start: number): number {
  const character = sql[start];
  if (character === "'") return endOfQuoted(sql, start, { backslashEscapes: isEscapeLiteral(sql, start) });
  if (character === '"' || character === "`") return endOfQuoted(sql, start, { backslashEscapes: false });
  if (character === "-" && sql[start + 1] === "-") return endOrLength(sql.indexOf("\n", start), sql);
  if (character === "/" && sql[start + 1] === "*") return endOfBlockComment(sql, start);
  if (character === "$") return endOfDollarQuoted(sql, start);
  return start;
}

/** `E'…'`, where a backslash escapes a quote. */
function isEscapeLiteral(sql: string, quoteAt: number): boolean {
  return /^[eE]$/.test(sql[quoteAt - 1] ?? "") && !/[\p{L}\p{N}_$]/u.test(sql[quoteAt - 2] ?? "");
}

function endOfQuoted(sql: string, start: number, { backslashEscapes }: { backslashEscapes: boolean }): number {
  const quoteCharacter = sql[start];
  for (let index = start + 1; index < sql.length; index += 1) {
    if (sql[index] === "\\" && backslashEscapes) index += 1;
    else if (sql[index] === quoteCharacter) {
      if (sql[index + 1] !== quoteCharacter) return index + 1;
      index += 1;
    }
  }
  return sql.length;
}

/** Block comments nest. */
function endOfBlockComment(sql: string, start: number): number {
  let depth = 0;
  for (let index = start; index < sql.length; index += 1) {
    const pair = sql.slice(index, index + 2);
    if (pair === "/*") depth += 1;
    else if (pair === "*/") depth -= 1;
    else continue;
    index += 1;
    if (depth === 0) return index + 1;
  }
  return sql.length;
}

/** `$$…$$` and `$tag$…$tag$`. */
function endOfDollarQuoted(sql: string, start: number): number {
  if (/[\p{L}\p{N}_$]/u.test(sql[start - 1] ?? "")) return start;
  const tag = /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(sql.slice(start))?.[0];
  if (tag === undefined) return start;
  const end = sql.indexOf(tag, start + tag.length);
  return end === -1 ? sql.length : end + tag.length;
}

function endOrLength(index: number, sql: string): number {
  return index === -1 ? sql.length : index;
}
