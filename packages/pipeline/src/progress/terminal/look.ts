/** How a line is shown as a whole. */
type Tone = "plain" | "dim" | "good" | "bad";

export interface Line {
  readonly tone: Tone;
  readonly text: string;
}

/** What a terminal can show. */
export interface Look {
  /** The line in at most so many columns, ready to be written. */
  show(line: Line, columns: number): string;
  /** Columns that a text shown before takes. */
  columnsOf(text: string): number;
}

type ColumnsOf = (text: string) => number;

const colours: Readonly<Record<Tone, string>> = { plain: "", dim: "\u001b[2m", good: "\u001b[32m", bad: "\u001b[31m" };
const noColour = "\u001b[0m";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function terminalLook(env: Readonly<Record<string, string | undefined>>, columnsOf: ColumnsOf): Look {
  const showsUnicode = canShowUnicode(env);
  // https://no-color.org
  const hasColours = !env["NO_COLOR"];
  return {
    columnsOf,
    show({ tone, text }, columns) {
      const plain = withoutControls(text);
      const cut = cutTo(showsUnicode ? plain : asciiOf(plain), columns, columnsOf);
      return hasColours && tone !== "plain" ? `${colours[tone]}${cut}${noColour}` : cut;
    },
  };
}

/** As POSIX has it, the first of these that is set names the encoding; Windows says nothing, but its newer terminals do. */
function canShowUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env["WT_SESSION"] || env["TERM_PROGRAM"] === "vscode") return true;
  return /utf-?8/i.test(env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "");
}

/** Names come from sources, and must not steer the terminal. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, "?");
}

const inAscii: Readonly<Record<string, string>> = { "✔": "+", "✖": "x", "…": "...", "•": "*" };

function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => inAscii[character] ?? "?");
}

function cutTo(text: string, columns: number, columnsOf: ColumnsOf): string {
  if (columnsOf(text) <= columns) return text;
  let [cut, used] = ["", 0];
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns) break;
    cut += segment;
  }
  return cut;
}
