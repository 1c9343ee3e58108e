import type { ErrorEntry } from "../error-entry.js";

export const httpErrors = {
  HTTP_OPTION_INVALID: {
    title: "An option of an HTTP client cannot be used",
    explanation: "The message has the option and what was expected. Nothing was sent.",
  },
  HTTP_REQUEST_INVALID: {
    title: "A request cannot be made from what was given",
    explanation:
      "The address, a parameter, a header or the body has a form that cannot be sent. The message names it and never shows a value. Nothing was sent.",
  },
  HTTP_HOST_NOT_FOUND: {
    title: "The name of a server has no address",
    explanation:
      "The name is spelled wrongly, or the name service cannot be reached. It was tried as often as the client is allowed to.",
  },
  HTTP_CONNECTION_FAILED: {
    title: "A server could not be reached, or the connection broke",
    explanation:
      "The connection was refused, reset or closed before there was an answer. It was tried as often as the client is allowed to.",
  },
  HTTP_TLS_FAILED: {
    title: "An encrypted connection could not be made",
    explanation:
      "The certificate of the server is not trusted, has expired or belongs to another host, or the two sides have no version of TLS in common. Name the certificate of an authority of your own in `NODE_EXTRA_CA_CERTS`. It is not tried again.",
  },
  HTTP_TIMEOUT: {
    title: "A server took too long",
    explanation:
      "The message says what for: to connect, until its answer began (`responseMs`), between two pieces of the body (`idleMs`), or for all of it with attempts and waits (`totalMs`).",
  },
  HTTP_STATUS: {
    title: "A server answered with an error",
    explanation:
      "The status is 400 or more, and no response action was made for it. The statuses 429 and 500 to 599 were tried again before.",
  },
  HTTP_QUOTA_EXHAUSTED: {
    title: "A server takes no more requests for a long time",
    explanation:
      "The quota of the host or of the account is used up, and the wait until there is more is longer than `rateLimit.maxWaitMs` allows. The message says when that is; run again then.",
  },
  HTTP_REDIRECT_INVALID: {
    title: "A redirect cannot be followed",
    explanation: "There were too many in a row, or one leads nowhere or to what is not HTTP.",
  },
  HTTP_BODY_CUT: {
    title: "The body of an answer broke off",
    explanation:
      "The connection ended before the body was complete, or its compression does not hold together. It was tried as often as the client is allowed to.",
  },
  HTTP_BODY_TOO_LARGE: {
    title: "The body of an answer is too large to be held as a whole",
    explanation: "`maxBodyBytes` is the limit. `stream` reads the rows of such an answer without holding its body.",
  },
  HTTP_BODY_EMPTY: {
    title: "An answer that should have rows has no body",
    explanation:
      "A page needs JSON. Where the server answers 204 for no rows, a response action with `statusCode: 204` ignores it.",
  },
  HTTP_BODY_NOT_JSON: {
    title: "The body of an answer is not JSON",
    explanation:
      "Usually it is a page for people, such as that of a login or a proxy, or JSON that is cut off. The message says what it looks like and never shows its text.",
  },
  HTTP_TOKEN_REFUSED: {
    title: "A server gave no access token",
    explanation: "The server that issues tokens answered with an error, or with something that has no token in it.",
  },
  JSON_PATH_INVALID: {
    title: "A JSONPath cannot be read",
    explanation:
      "The message has the position. Names with other characters than letters, digits, `_`, `-` and `@` go into quotation marks: `['@odata.nextLink']`.",
  },
  PAGINATOR_OPTION_INVALID: {
    title: "An option of a paginator cannot be used",
    explanation: "The message has the option and what was expected. Nothing was sent.",
  },
  PAGINATION_VALUE_INVALID: {
    title: "A page lacks what its paginator goes by",
    explanation:
      "The total, or whether there is more, is not where the paginator looks for it, or is no such value. Give its path, or `null` where the API does not tell.",
  },
  PAGINATION_LOOP: {
    title: "A list leads back to a page that was read already",
    explanation:
      "The next page is one that came before, or the server gives the same rows for other pages, as when it does not know the parameter of the paginator. Reading on would never end, or load rows twice.",
  },
  PAGINATION_POSITION_INVALID: {
    title: "A list cannot go on from this position",
    explanation: "It is not what `page.position` gave, or another paginator made it. Start from the first page.",
  },
} as const satisfies Record<string, ErrorEntry>;
