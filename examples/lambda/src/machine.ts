/**
 * The machine that a function runs on, as far as it matters here: a process that is handed an event and gives the result back. What
 * the function prints goes to the log.
 */
import { loadOrdersOverHttp } from "./cloud-function.js";
import { handler } from "./lambda.js";

const [cloud, time = "", timeoutMs] = process.argv.slice(2);

if (cloud === "aws") {
  const end = performance.now() + Number(timeoutMs);
  const context = { getRemainingTimeInMillis: () => Math.floor(end - performance.now()) };
  try {
    process.send?.(await handler({ time }, context));
  } catch (error) {
    process.send?.({ errorMessage: String(error) }); // Lambda reports the error, and the schedule tries again
  }
} else {
  const response = { status: () => response, json: (body: object) => process.send?.(body) };
  await loadOrdersOverHttp({ body: { time } }, response);
}
