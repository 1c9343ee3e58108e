import { isDltError } from "@dlt/pipeline";
import { loadOrders } from "./orders.js";

/** As much of `Request` and `Response` of `@google-cloud/functions-framework` as is used. */
interface Request {
  readonly body: { readonly time: string };
}
interface Response {
  status(code: number): Response;
  json(body: object): void;
}

/** Less than the timeout that the function was deployed with: what was read last is loaded after it. */
const maxDurationMs = 45_000;

/** For Cloud Functions and Cloud Run: called over HTTP, e.g. by Cloud Scheduler, which tries again where the status says so. */
export async function loadOrdersOverHttp({ body }: Request, response: Response): Promise<void> {
  try {
    const info = await loadOrders(body.time, maxDurationMs);
    response.status(200).json({ row_counts: info.rowCounts, ...info.asDict() });
  } catch (error) {
    console.error(String(error)); // to the log
    const known = isDltError(error) ? { code: error.code, message: error.message, hint: error.hint } : {};
    response.status(500).json({ message: "The orders could not be loaded.", ...known });
  }
}
