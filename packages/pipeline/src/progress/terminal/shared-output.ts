import type { DrawnLines } from "./drawn-lines.js";
import type { ProgressTerminal } from "./live-lines.js";

type Write = NodeJS.WriteStream["write"];

/**
 * Lets what the program prints on the same terminal stand above the lines: they are erased before, and drawn again at the next drawing.
 * Ends when it is disposed of.
 */
export function sharedOutput(terminal: ProgressTerminal, lines: DrawnLines): Disposable {
  const { stdout, stderr } = process;
  const shared = (terminal as unknown) === stderr ? [stdout, stderr].filter(({ isTTY }) => isTTY) : [];
  const restore = shared.map((stream) => {
    const write = stream.write;
    const wrapped = ((text: string | Uint8Array, ...others: readonly unknown[]) => {
      lines.erase();
      const isTaken = Reflect.apply(write, stream, [text, ...others]) as boolean;
      lines.noteOther(typeof text === "string" ? text : Buffer.from(text).toString());
      return isTaken;
    }) as Write;
    stream.write = wrapped;
    return () => {
      // Whoever took the place after us calls us still.
      if (stream.write === wrapped) stream.write = write;
    };
  });
  return {
    [Symbol.dispose]() {
      for (const each of restore) each();
    },
  };
}
