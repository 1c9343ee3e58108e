import { basicCredentials } from "../request/http-request.js";
import { revealed, type SecretText } from "../secrets.js";
import type { Auth } from "./auth.js";

export interface HttpBasicOptions {
  readonly username: SecretText;
  readonly password: SecretText;
}

/** User and password with every request: `Authorization: Basic …`, of their UTF-8. */
export function httpBasic({ username, password }: HttpBasicOptions): Auth {
  return {
    apply: ({ headers }) => headers.set("authorization", basicCredentials(revealed(username), revealed(password))),
  };
}
