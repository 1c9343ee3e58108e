import { loadOrders } from "./orders.js";

/** As much of `Context` of `@types/aws-lambda` as is used. */
interface Context {
  getRemainingTimeInMillis(): number;
}
/** The event of a schedule of EventBridge. */
interface ScheduledEvent {
  /** When it was due. */
  readonly time: string;
}

/** Time that is left for stopping cleanly, before AWS ends the process. */
const reserveMs = 5_000;

/** For AWS Lambda. What it returns becomes JSON: the info of the load. An error is logged, and the schedule tries again. */
export async function handler({ time }: ScheduledEvent, context: Context): Promise<object> {
  const timeMs = Math.max(0, context.getRemainingTimeInMillis() - reserveMs);
  const info = await loadOrders(time, AbortSignal.timeout(timeMs));
  console.log(String(info)); // to the log
  return { rowCounts: info.rowCounts, ...info.asObject() };
}
