import type { JsonText } from "@dlt/core";
import type { JsonPath } from "../json-path/json-path.js";
import { isUtf8 } from "../send/decoded-body.js";
import type { HttpResponse } from "../send/http-response.js";
import { ListScanner } from "./list-scanner.js";

/** The text of the rows of an answer, as it was sent; `null` where they are no part of it by themselves. */
export function rowsText({ bytes, headers }: HttpResponse, { fields }: JsonPath): JsonText | null {
  if (fields === null || !isUtf8(headers)) return null;
  const scanner = new ListScanner(fields);
  scanner.scan(bytes);
  scanner.end();
  if (scanner.phase !== "after") return null;
  const { start, end } = scanner.list;
  return { jsonText: bytes.subarray(start, end), framing: bytes[start] === openBracket ? "array" : "lines" };
}

const openBracket = 0x5b;
