import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteTable, hashOf } from "./byte-table.js";

/** The number of each piece, in order. */
function numbersOf(pieces: readonly Uint8Array[]): readonly number[] {
  const table = new ByteTable(Uint8Array.from(Buffer.concat(pieces)), pieces.length);
  let end = 0;
  return pieces.map((piece) => {
    const start = end;
    end += piece.length;
    return table.numberOf(start, end);
  });
}

function expectedNumbers(pieces: readonly Uint8Array[]): readonly number[] {
  const numbers = new Map<string, number>();
  return pieces.map((piece) => {
    const key = piece.join();
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key) as number;
  });
}

test("pieces are numbered in the order they are first seen", () => {
  const piece = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 20 }).map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      expect(numbersOf(pieces)).toEqual(expectedNumbers(pieces));
    }),
  );
});

test("a table grows", () => {
  const pieces = Array.from({ length: 30_000 }, (_, index) => Buffer.from(`value ${(index * 7919) % 20_011}`));
  expect(numbersOf(pieces)).toEqual(expectedNumbers(pieces));
});

test("pieces that collide on purpose are given up instead of searched one by one", () => {
  const colliding: Uint8Array[] = [];
  for (let number = 0; colliding.length < 200; number++) {
    const piece = Buffer.from(`value ${number}`);
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    if ((hashOf(view, 0, piece.length) & 1023) === 7) colliding.push(piece);
  }
  const numbers = numbersOf(colliding);
  expect(numbers.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, index) => index));
  expect(new Set(numbers.slice(64))).toEqual(new Set([-1]));
});
