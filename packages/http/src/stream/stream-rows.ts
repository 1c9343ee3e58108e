import { isDltError, type JsonText, SourceError } from "@dlt/core";
import { parseJson, rememberText } from "@dlt/core/engine";
import { optionInvalid } from "../errors.js";
import { jsonPath } from "../json-path/json-path.js";
import type { HttpRequest } from "../request/http-request.js";
import type { StreamOptions } from "../request-options.js";
import { ListScanner } from "../rows/list-scanner.js";
import { checkStatus } from "../send/check-status.js";
import { open } from "../send/send.js";
import type { Call } from "../send/wire.js";
import { ElementPages } from "./element-pages.js";
import { type ElementScanner, LineScanner } from "./element-scanner.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the rows of one answer as they come: elements of a list, or JSON lines. No more is held than a page and an element. */
export async function* streamRows<Row>(
  request: HttpRequest,
  call: Call,
  { dataSelector = "$", pageBytes = 1 << 18 }: Pick<StreamOptions, "dataSelector" | "pageBytes">,
): AsyncGenerator<Row[]> {
  const { fields } = jsonPath(dataSelector);
  if (fields === null)
    throw optionInvalid("dataSelector", "names that lead to a list, as `data.items`, when it is streamed", {
      given: dataSelector,
    });
  if (!(pageBytes >= 1)) throw optionInvalid("pageBytes", "a number from 1 up", { given: pageBytes });
  const opened = await open(request, call);
  if (!("answer" in opened)) {
    checkStatus(opened, call.wire);
    return;
  }
  const { answer } = opened;
  const shown = `${request.method} ${call.wire.secrets.redactUrl(answer.url)}`;
  const scanner = isLines(answer.headers) ? new LineScanner() : listScanner(fields);
  const pages = new ElementPages(scanner, pageBytes);
  const { maxBodyBytes } = call.wire.settings;
  for await (const piece of answer.pieces()) {
    const text = pages.add(piece);
    if (text !== null) yield rowsOf<Row>(text, shown);
    if (pages.heldBytes > maxBodyBytes + pageBytes) {
      throw new SourceError(
        "HTTP_BODY_TOO_LARGE",
        `\`${shown}\` was answered with a row of more than ${maxBodyBytes} bytes.`,
        {
          hint: "Check that `dataSelector` leads to the list of rows, or raise `maxBodyBytes`.",
          context: { request: shown, maxBytes: maxBodyBytes },
        },
      );
    }
  }
  const last = pages.end();
  if (!scanner.isComplete) throw notJson(shown, "it is cut off or not JSON");
  if (last !== null) yield rowsOf<Row>(last, shown);
}

function listScanner(fields: readonly string[]): ElementScanner {
  const scanner = new ListScanner(fields);
  return {
    get openStart() {
      return scanner.openStart;
    },
    scan: (piece) => scanner.scan(piece),
    end: () => scanner.end(),
    get isComplete() {
      return scanner.phase === "after" || scanner.phase === "missing";
    },
  };
}

function isLines(headers: Headers): boolean {
  return /ndjson|jsonl|json-lines|jsonlines/i.test(headers.get("content-type") ?? "");
}

function rowsOf<Row>(text: JsonText, shown: string): Row[] {
  try {
    const rows = parseJson(utf8.decode(text.jsonText)) as unknown[];
    // A value that is no list, and `null`, stands for no rows.
    return rememberText(rows.length === 1 && rows[0] === null ? [] : rows, () => text) as Row[];
  } catch (error) {
    throw notJson(shown, isDltError(error) ? "a row of it is not JSON" : "it is not UTF-8");
  }
}

function notJson(shown: string, reason: string): SourceError {
  return new SourceError("HTTP_BODY_NOT_JSON", `The answer to \`${shown}\` is not JSON: ${reason}.`, {
    hint: "Check that the address is that of the API, and that the credentials are sent.",
    context: { request: shown },
  });
}
