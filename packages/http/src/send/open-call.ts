import type { Auth } from "../auth/auth.js";
import { onAbort } from "../on-abort.js";
import type { PageRequest } from "../request/page-request.js";
import type { Timeouts } from "../settings.js";
import { timeoutFailure } from "./failure.js";
import type { ResponseAction } from "./response-actions.js";
import type { Call, Wire } from "./wire.js";

interface CallOptions {
  readonly auth: Auth | null;
  readonly actions: readonly ResponseAction[];
  readonly timeouts?: Timeouts | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Aborted by nobody. */
const never = new AbortController().signal;

/** Begins a call: its time runs until it is disposed of. */
export function openCall(
  wire: Wire,
  { method, url }: PageRequest,
  { auth, actions, timeouts, signal = never }: CallOptions,
): Call & Disposable {
  signal.throwIfAborted();
  const times = { ...wire.settings.timeouts, ...timeouts };
  const call = { wire, auth, actions, timeouts: times, trustedOrigin: null };
  const { totalMs } = times;
  if (totalMs === Number.POSITIVE_INFINITY) return { ...call, signal, [Symbol.dispose]: () => undefined };
  const controller = new AbortController();
  const forget = onAbort(signal, () => controller.abort(signal.reason));
  const cancel = wire.runtime.after(totalMs, () => {
    const sending = { shown: `${method} ${wire.secrets.redactUrl(url)}`, attempt: 1 };
    controller.abort(timeoutFailure("totalMs", sending, totalMs));
  });
  return {
    ...call,
    signal: controller.signal,
    [Symbol.dispose]: () => {
      forget();
      cancel();
    },
  };
}
