/** Why a message did not come through: words for an error, in which nothing of the address but the host may stand. */
export class NotSent extends Error {
  override readonly name = "NotSent";
  /** Sending it again would not help. */
  readonly isLasting: boolean;

  constructor(reason: string, isLasting: boolean) {
    super(reason);
    this.isLasting = isLasting;
  }
}

/**
 * Sends JSON by a POST.
 * @throws NotSent; what aborted the signal
 */
export async function postJson(
  url: URL,
  body: object,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { headers = {}, timeoutMs, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json;charset=utf-8", ...headers },
      body: JSON.stringify(body),
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    // The connection is free for others once the answer is read.
    await response.arrayBuffer();
  } catch (error) {
    signal?.throwIfAborted();
    throw new NotSent(timeout.aborted ? `no answer came in ${timeoutMs} ms` : reasonOf(error), false);
  }
  if (response.ok) return;
  const isLasting = response.status < 500 && response.status !== 429;
  throw new NotSent(`the server answered ${response.status}`, isLasting);
}

/** A code of the system, such as `ECONNREFUSED`: the texts of errors have addresses. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" ? `the connection failed (${cause.code})` : "the connection failed";
}
