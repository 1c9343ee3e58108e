import { answerText, httpFailure, type Meaning, type ObjectFailure } from "@dlt/storage";

interface ServiceError {
  /** The status of the answer, or the code of the connection. */
  readonly code?: number | string;
  /** The same of an error in the middle of an upload. */
  readonly status?: number;
  readonly message?: string;
  readonly errors?: readonly { readonly reason?: string }[];
}

/** What an error of the client means. */
export function meaningOf(error: unknown): Meaning {
  const { code, errors, status: inUpload, message = String(error) } = error as ServiceError;
  const status = typeof code === "number" ? code : Number(inUpload ?? statusIn(code)) || undefined;
  const reason = errors?.[0]?.reason ?? (typeof code === "string" && statusIn(code) === undefined ? code : undefined);
  return { failure: failureOf(status, reason, message), reason: answerText(status, reason, allReasons(message)) };
}

/** Where there are several, the client lists them below a line that says so. */
function allReasons(message: string): string {
  const listed = [...message.matchAll(/^ +\d+\. (.+)$/gm)].map(([, text = ""]) => text);
  return listed.length === 0 ? message : listed.join("; ");
}

/** Some errors have the status as text. */
function statusIn(code: number | string | undefined): string | undefined {
  return typeof code === "string" && /^\d{3}$/.test(code) ? code : undefined;
}

function failureOf(status: number | undefined, reason: string | undefined, message: string): ObjectFailure {
  if (status === 404 && /bucket/i.test(message)) return "storeMissing";
  // The session of an upload is over: written again, the object is right.
  if (status === 410) return "unavailable";
  // The token could not be had: no answer of the store itself.
  if (/invalid_grant|invalid_client|Could not load the default credentials|DECODER routines/.test(message))
    return "denied";
  return httpFailure(status, reason);
}
