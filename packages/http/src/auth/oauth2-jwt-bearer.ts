import { createPrivateKey, sign } from "node:crypto";
import { SourceError } from "@dlt/core";
import { revealed, type SecretText } from "../secrets.js";
import { accessTokenAuth, accessTokenOf } from "./access-token.js";
import type { Auth } from "./auth.js";

export interface OAuth2JwtBearerOptions {
  /** Issuer and subject, e.g. the mail address of a service account. */
  readonly clientId: string;
  /** PEM of an RSA key. */
  readonly privateKey: SecretText;
  readonly privateKeyPassphrase?: SecretText;
  /** Where tokens are fetched, by POST. */
  readonly authEndpoint: string;
  /** Default: none. */
  readonly scopes?: string | readonly string[];
  /** Of the request for a token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds that a token lives when the server does not say. Default: 3600. */
  readonly defaultTokenExpiration?: number;
}

/** OAuth 2.0, JWT bearer grant (RFC 7523): a token is fetched with a statement that the private key signs, as Google's service accounts do. */
export function oauth2JwtBearer({
  clientId,
  privateKey,
  privateKeyPassphrase,
  authEndpoint,
  scopes = [],
  headers = {},
  defaultTokenExpiration = 3600,
}: OAuth2JwtBearerOptions): Auth {
  return accessTokenAuth({
    account: `${authEndpoint} ${clientId}`,
    preset: undefined,
    fetchToken: async (context) => {
      const issuedAt = Math.floor(context.nowMs() / 1000);
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: authEndpoint,
        iat: issuedAt,
        exp: issuedAt + 3600,
        scope: typeof scopes === "string" ? scopes : scopes.join(" "),
      };
      const form = {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: signedToken(claims, privateKey, privateKeyPassphrase),
      };
      const response = await context.postForm(authEndpoint, form, headers);
      return accessTokenOf(response, { nowMs: context.nowMs(), defaultExpirySeconds: defaultTokenExpiration });
    },
  });
}

/** A JSON Web Token that is signed with RS256. */
function signedToken(claims: object, privateKey: SecretText, passphrase: SecretText | undefined): string {
  const head = [{ alg: "RS256", typ: "JWT" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const content = head.join(".");
  const key = readKey(revealed(privateKey), passphrase === undefined ? undefined : revealed(passphrase));
  return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
}

function readKey(pem: string, passphrase: string | undefined): ReturnType<typeof createPrivateKey> {
  try {
    // Keys from the environment often have their line breaks escaped.
    return createPrivateKey({
      key: pem.includes("\n") ? pem : pem.replaceAll("\\n", "\n"),
      ...(passphrase !== undefined && { passphrase }),
    });
  } catch {
    // The error of the platform may quote the key.
    throw new SourceError("HTTP_OPTION_INVALID", "`privateKey` is no RSA key in PEM that its passphrase opens.", {
      hint: "Give the whole text from `-----BEGIN` to `-----END`, with its line breaks, and `privateKeyPassphrase` for one that is encrypted.",
      context: { option: "privateKey" },
    });
  }
}
