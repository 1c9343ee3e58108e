import { type ErrorCode, type ErrorDetails, isDltError, SourceError } from "@dlt/core";

/** Which of its times a request has used up. */
export type TimeLimit = "connect" | "responseMs" | "idleMs" | "totalMs";

interface Meaning {
  readonly code: ErrorCode;
  /** What happened, behind "`GET https://…`". */
  readonly what: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const unreachable: Omit<Meaning, "what"> = {
  code: "HTTP_CONNECTION_FAILED",
  hint: "See that the server runs and can be reached from here, then run again.",
  retryable: true,
};
const unknownHost: Meaning = {
  code: "HTTP_HOST_NOT_FOUND",
  what: "names a host that has no address",
  hint: "Check the name of the host, and that its names can be looked up from here.",
  retryable: true,
};
const cut: Meaning = {
  code: "HTTP_BODY_CUT",
  what: "was answered with a body that breaks off or does not hold together",
  hint: "Run again; if it stays so, ask for less at once, or look at what is between here and the server.",
  retryable: true,
};
const noTls: Meaning = {
  code: "HTTP_TLS_FAILED",
  what: "found no encrypted connection that can be trusted",
  hint: "Check the host name; name the certificate of an authority of your own in NODE_EXTRA_CA_CERTS.",
  retryable: false,
};

/** By the code of the system, of TLS or of undici. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/, unknownHost],
  [/^ECONNREFUSED$/, { ...unreachable, what: "was refused a connection" }],
  [
    /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/,
    { ...unreachable, what: "found no way to the host" },
  ],
  [/^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/, noTls],
  [
    /^(?:UND_ERR_RES_CONTENT_LENGTH_MISMATCH|Z_|ERR__ERROR_FORMAT|ERR_PADDING|HPE_INVALID_CHUNK_SIZE|HPE_INVALID_EOF_STATE)/,
    cut,
  ],
  [
    /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP2_.*)$/,
    { ...unreachable, what: "lost its connection" },
  ],
  [/^HPE_/, { ...unreachable, what: "was answered with what is not HTTP" }],
];

/** What was being sent, for messages. */
export interface Sending {
  /** `GET https://…`, for people. */
  readonly shown: string;
  /** From 1. */
  readonly attempt: number;
}

/** The error for one that `fetch` threw; one that is neither of the network nor of `fetch` stays as it is. `inBody`: the answer had begun. */
export function sendFailure(error: unknown, sending: Sending, { inBody }: { readonly inBody: boolean }): unknown {
  const coded = codedCause(error);
  if (isDltError(error) || (coded === null && !(error instanceof TypeError))) return error;
  const code = coded?.code ?? "";
  if (/TIMEOUT|^ETIMEDOUT$/.test(code)) return timeoutFailure(limitOf(code, inBody), sending);
  const known = meanings.find(([pattern]) => pattern.test(code))?.[1];
  const other: Meaning = { ...unreachable, what: "could not be sent", retryable: coded !== null };
  const meaning = inBody && known !== noTls ? cut : (known ?? other);
  // Errors of the protocol may quote what was received.
  const cause = /^(?:HPE|UND)_/.test(code) ? undefined : coded?.cause;
  return failure(meaning, sending, { ...(coded !== null && { context: { reason: code } }), cause });
}

function limitOf(code: string, inBody: boolean): TimeLimit {
  if (code.includes("CONNECT") || code === "ETIMEDOUT") return "connect";
  return inBody ? "idleMs" : "responseMs";
}

/** The error for a request that took too long. */
export function timeoutFailure(limit: TimeLimit, sending: Sending, limitMs?: number): SourceError {
  const what = {
    connect: "found no connection in time",
    responseMs: "was not answered in time",
    idleMs: "was answered with a body that stopped coming",
    totalMs: "was not done in time, with all attempts and waits",
  }[limit];
  const within = limitMs === undefined ? "" : ` (${limitMs} ms)`;
  const hint =
    limit === "connect"
      ? "See that the server runs and can be reached from here, then run again."
      : `Allow more with \`timeouts: { ${limit} }\`, ask for less at once, or run again later.`;
  const meaning: Meaning = { code: "HTTP_TIMEOUT", what: `${what}${within}`, hint, retryable: true };
  return failure(meaning, sending, { context: { limit } });
}

function failure({ code, what, hint, retryable }: Meaning, sending: Sending, details: ErrorDetails): SourceError {
  const { shown, attempt } = sending;
  const after = attempt > 1 ? `, after ${attempt} attempts` : "";
  return new SourceError(code, `\`${shown}\` ${what}${after}.`, {
    ...details,
    hint,
    retryable,
    context: { request: shown, attempts: attempt, ...details.context },
  });
}

/** The innermost error with a code: those of the system and of protocols have one. */
function codedCause(error: unknown): { readonly code: string; readonly cause: unknown } | null {
  let found: { readonly code: string; readonly cause: unknown } | null = null;
  const seen = new Set<unknown>();
  for (let next = error; next instanceof Error && !seen.has(next); next = next.cause) {
    seen.add(next);
    const { code } = next as { readonly code?: unknown };
    if (typeof code === "string") found = { code, cause: next };
    // Its code is that of the parser, which there may be none of.
    else if (next.name === "HTTPParserError") found = { code: "HPE_UNKNOWN", cause: next };
  }
  return found;
}
