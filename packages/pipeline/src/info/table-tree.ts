/** A table with how many rows of it there are. */
export interface TableRows {
  readonly name: string;
  /** `null` for a root table. */
  readonly parent: string | null;
  readonly rowCount: number;
}

/**
 * Lines that show tables below their parents, with their row counts in one column:
 *
 * ```
 * events                        100
 * └─ events__payload__commits   134
 * ```
 */
export function tableTree(tables: readonly TableRows[]): readonly string[] {
  const names = new Set(tables.map((table) => table.name));
  const roots = tables.filter((table) => table.parent === null || !names.has(table.parent));
  const lines = roots.flatMap((root) => branch(root, tables, "", ""));
  const width = Math.max(0, ...lines.map(({ label }) => label.length));
  const digits = Math.max(0, ...lines.map(({ rowCount }) => String(rowCount).length));
  return lines.map(({ label, rowCount }) => `${label.padEnd(width)}   ${String(rowCount).padStart(digits)}`);
}

interface Line {
  readonly label: string;
  readonly rowCount: number;
}

function branch(table: TableRows, tables: readonly TableRows[], lead: string, indent: string): readonly Line[] {
  const children = tables.filter((child) => child.parent === table.name);
  const below = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    return branch(child, tables, `${indent}${isLast ? "└─ " : "├─ "}`, `${indent}${isLast ? "   " : "│  "}`);
  });
  return [{ label: `${lead}${table.name}`, rowCount: table.rowCount }, ...below];
}
