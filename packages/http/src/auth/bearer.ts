import { setHeader } from "../request/headers.js";
import { revealed, type SecretText } from "../secrets.js";
import type { Auth } from "./auth.js";

/** A token that is sent with every request: `Authorization: Bearer <token>`. */
export function bearer(token: SecretText): Auth {
  return { apply: ({ headers }) => setHeader(headers, "authorization", `Bearer ${revealed(token)}`) };
}
