/** What happens in a client, for logs and metrics. Addresses are without secrets. */
export type HttpEvent =
  | { readonly kind: "request"; readonly method: string; readonly url: string; readonly attempt: number }
  | {
      readonly kind: "response";
      readonly method: string;
      readonly url: string;
      readonly attempt: number;
      readonly status: number;
      /** From when the request was sent until the answer had begun. */
      readonly durationMs: number;
    }
  | {
      readonly kind: "retry";
      readonly method: string;
      readonly url: string;
      /** The attempt that failed. */
      readonly attempt: number;
      readonly delayMs: number;
      /** A status, or the code of an error. */
      readonly reason: string;
    }
  /** A request was held back: for the quota of its host, or because as many as may be were under way. */
  | { readonly kind: "wait"; readonly method: string; readonly url: string; readonly waitedMs: number }
  /** A response action ended a list, or made an answer count as empty. */
  | { readonly kind: "ignored"; readonly url: string; readonly status: number }
  | {
      readonly kind: "page";
      readonly url: string;
      /** From 1. */
      readonly page: number;
      readonly rowCount: number;
      readonly isLast: boolean;
    }
  /** Where the rows are, or how the list goes on, was found out from the first page. */
  | { readonly kind: "detected"; readonly what: "dataSelector" | "paginator"; readonly value: string };
