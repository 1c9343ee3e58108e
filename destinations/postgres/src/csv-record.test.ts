import { expect, test } from "vitest";
import { firstRecord } from "./csv-record.js";

test.each<[text: string, fields: readonly string[]]>([
  ["a,b\nc", ["a", "b"]],
  ["a,b\r\nc", ["a", "b"]],
  ['\ufeff"a ""quoted""","b,c\nd"\n', ['a "quoted"', "b,c\nd"]],
  [",\n", ["", ""]],
  ["a", ["a"]],
  ['"a"', ["a"]],
  ["", []],
])("the first record of %j", (text, fields) => {
  expect(firstRecord(text, { delimiter: ",", isWhole: true })).toEqual(fields);
});

test.each(["", "a,b", 'a,"b\n', 'a,"b"'])("more is needed of %j", (text) => {
  expect(firstRecord(text, { delimiter: ",", isWhole: false })).toBe(null);
});
