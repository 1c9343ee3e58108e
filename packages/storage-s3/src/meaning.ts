import { answerText, httpFailure, type Meaning, type ObjectFailure } from "@dlt/storage";

interface ServiceError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an error of the SDK means. */
export function meaningOf(error: unknown): Meaning {
  const { name, code, message = String(error), $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (name === "Unknown" || message === "UnknownError") return meaningOfStatus(status);
  const shown = code ?? name;
  const failure = (shown === undefined ? undefined : failuresByCode[shown]) ?? httpFailure(status, shown);
  return { failure, reason: answerText(status, shown, message) };
}

/** Answers about one object have no text. Credentials that have expired are the one reason for 400 that is known of them. */
function meaningOfStatus(status: number | undefined): Meaning {
  const reason = answerText(status, undefined, "");
  if (status === 400) return { failure: "denied", reason: `${reason}, as for credentials that have expired` };
  return { failure: httpFailure(status, undefined), reason };
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const failuresByCode: Readonly<Record<string, ObjectFailure>> = {
  NoSuchBucket: "storeMissing",
  AccessDenied: "denied",
  CredentialsProviderError: "denied",
  ExpiredToken: "denied",
  ExpiredTokenException: "denied",
  InvalidAccessKeyId: "denied",
  InvalidToken: "denied",
  SignatureDoesNotMatch: "denied",
  TokenProviderError: "denied",
  InternalError: "unavailable",
  RequestTimeout: "unavailable",
  ServiceUnavailable: "unavailable",
  SlowDown: "unavailable",
  // Of two conditional writes at the same time, the later one is asked to try again.
  ConditionalRequestConflict: "unavailable",
  OperationAborted: "unavailable",
  // Somebody ended the upload, or it was completed and the answer got lost: written again, the object is right.
  NoSuchUpload: "unavailable",
  KeyTooLongError: "nameTooLong",
};
