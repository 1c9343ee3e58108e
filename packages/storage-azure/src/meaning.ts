import { answerText, httpFailure, type Meaning, type ObjectFailure } from "@dlt/storage";

interface ServiceError {
  readonly name?: string;
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
}

/** What an error of the SDK means. */
export function meaningOf(error: unknown): Meaning {
  const { name, statusCode, code, message = String(error) } = error as ServiceError;
  const shown = code ?? (name === "Error" || name === "RestError" ? undefined : name);
  const failure = (shown === undefined ? undefined : failuresByCode[shown]) ?? httpFailure(statusCode, shown);
  return { failure, reason: answerText(statusCode, shown, message) };
}

// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
const failuresByCode: Readonly<Record<string, ObjectFailure>> = {
  ContainerNotFound: "storeMissing",
  ContainerBeingDeleted: "unavailable",
  BlobAlreadyExists: "taken",
  AuthenticationError: "denied",
  AuthenticationRequiredError: "denied",
  CredentialUnavailableError: "denied",
  AggregateAuthenticationError: "denied",
  // What the SDK calls a connection that could not be made.
  REQUEST_SEND_ERROR: "unavailable",
};
