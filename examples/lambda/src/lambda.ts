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

/** Time that is left for loading what was read last, before AWS ends the process. */
const reserveMs = 5_000;

/**
 * For AWS Lambda. What it returns becomes JSON: the info of the load. With `can_be_continued` it is invoked again, e.g. by a loop in
 * Step Functions. An error is logged, and tried again by the schedule.
 */
export async function handler({ time }: ScheduledEvent, context: Context): Promise<object> {
  const info = await loadOrders(time, context.getRemainingTimeInMillis() - reserveMs);
  console.log(String(info)); // to the log
  return { row_counts: info.rowCounts, ...info.asDict() };
}
