import { basicCredentials } from "../request/http-request.js";
import { revealed, type SecretText } from "../secrets.js";
import { accessTokenAuth, accessTokenOf } from "./access-token.js";
import type { Auth } from "./auth.js";

export interface OAuth2ClientCredentialsOptions {
  /** Where tokens are fetched, by POST. */
  readonly accessTokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: SecretText;
  /** More fields of the form, e.g. `{ scope: "read" }`; they win over the usual ones. */
  readonly accessTokenRequestData?: Readonly<Record<string, string>>;
  /** Id and secret of the client are sent as `Authorization: Basic` or in the form. Default: `form`. */
  readonly clientAuthentication?: "basic" | "form";
  /** Seconds that a token lives when the server does not say. Default: 3600. */
  readonly defaultTokenExpiration?: number;
  /** A token to begin with, used until a server refuses it. */
  readonly accessToken?: SecretText;
}

/** OAuth 2.0, client credentials (RFC 6749, section 4.4): a token is fetched with id and secret, and replaced before it expires. */
export function oauth2ClientCredentials({
  accessTokenUrl,
  clientId,
  clientSecret,
  accessTokenRequestData,
  clientAuthentication = "form",
  defaultTokenExpiration = 3600,
  accessToken,
}: OAuth2ClientCredentialsOptions): Auth {
  return accessTokenAuth({
    account: `${accessTokenUrl} ${clientId}`,
    preset: accessToken === undefined ? undefined : revealed(accessToken),
    fetchToken: async (context) => {
      const secret = revealed(clientSecret);
      const isBasic = clientAuthentication === "basic";
      const form = {
        ...(isBasic ? {} : { client_id: clientId, client_secret: secret }),
        grant_type: "client_credentials",
        ...accessTokenRequestData,
      };
      const headers = isBasic ? { authorization: basicCredentials(clientId, secret) } : {};
      const response = await context.postForm(accessTokenUrl, form, headers);
      return accessTokenOf(response, { nowMs: context.nowMs(), defaultExpirySeconds: defaultTokenExpiration });
    },
  });
}
