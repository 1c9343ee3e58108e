import { createPublicKey, createVerify } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { secretOf } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import {
  type Auth,
  apiKey,
  bearer,
  httpBasic,
  oauth2ClientCredentials,
  oauth2JwtBearer,
  type RestClientOptions,
  restClient,
} from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { type Received, startServer } from "./server.js";

/** What a server gets of a request with this authentication. */
async function sent(auth: Auth, path = "a"): Promise<Received> {
  const { url, received } = await startServer(() => ({ json: {} }));
  await restClient({ baseUrl: url, auth, runtime: fakeRuntime() }).get(path);
  return received[0] as Received;
}

test("a token, a key and a password go where they belong", async () => {
  expect((await sent(bearer(secretOf("t")))).headers.authorization).toBe("Bearer t");
  expect((await sent(httpBasic({ username: "uż", password: "p:w" }))).headers.authorization).toBe("Basic dcW8OnA6dw==");
  expect((await sent(apiKey({ apiKey: "k" }))).headers.authorization).toBe("k");
  expect((await sent(apiKey({ apiKey: "k", name: "X-Key" }))).headers["x-key"]).toBe("k");
  expect((await sent(apiKey({ apiKey: "k 2", name: "key", location: "query" }), "a?b=1&key=old")).query).toEqual([
    ["b", "1"],
    ["key", "k 2"],
  ]);
  expect((await sent(apiKey({ apiKey: "k", name: "key", location: "param" }))).query).toEqual([["key", "k"]]);
  expect((await sent(apiKey({ apiKey: "k", name: "session", location: "cookie" }))).headers.cookie).toBe("session=k");
  expect(() => apiKey({ apiKey: "k", location: "body" as never })).toThrow(/`location`/);
});

test("authentication of one's own, which may take its time", async () => {
  const signature: Auth = {
    apply: async ({ method, url, headers }, { nowMs }) => {
      await Promise.resolve();
      headers.set("x-signature", `${method} ${url.pathname} ${nowMs()}`);
    },
  };
  expect((await sent(signature)).headers["x-signature"]).toBe(`GET /a ${Date.UTC(2026, 0, 1)}`);
});

test("a request may have another authentication than the client, or none", async () => {
  const { url, received } = await startServer(() => ({ json: {} }));
  const client = restClient({ baseUrl: url, auth: bearer("t1"), runtime: fakeRuntime() });
  await client.get("a", { auth: bearer("t2") });
  await client.get("a", { auth: null });
  expect(received.map(({ headers }) => headers.authorization)).toEqual(["Bearer t2", undefined]);
});

test("a token that cannot be sent is not shown", async () => {
  const { url } = await startServer(() => ({ json: {} }));
  const client = restClient({ baseUrl: url, auth: bearer("line\ngeheim") });
  const error: unknown = await client.get("a").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "HTTP_REQUEST_INVALID", context: { header: "authorization" } });
  expect(inspect(error, { depth: 9 })).not.toContain("geheim");
});

/** An API with tokens `t1`, `t2` …; what `accepts` refuses is answered 401. */
async function tokenApi(
  makeAuth: (tokenUrl: string) => Auth,
  {
    expiresIn = 3600,
    accepts = () => true,
    options = {},
  }: { expiresIn?: unknown; accepts?: (token: string) => boolean; options?: RestClientOptions } = {},
) {
  let issued = 0;
  const { url, received } = await startServer(({ path, headers }) => {
    if (path === "/token") return { json: { access_token: `t${++issued}`, expires_in: expiresIn } };
    const token = headers.authorization?.replace("Bearer ", "") ?? "";
    return accepts(token) ? { json: { token } } : { status: 401, json: {} };
  });
  const runtime = fakeRuntime();
  const client = restClient({ baseUrl: url, auth: makeAuth(`${url}/token`), runtime, ...options });
  return { client, received, runtime, issued: () => issued };
}

const credentials = (accessTokenUrl: string) =>
  oauth2ClientCredentials({ accessTokenUrl, clientId: "id", clientSecret: secretOf("geheim") });

describe("OAuth 2.0 client credentials", () => {
  test("a token is fetched once and replaced half a minute before it expires", async () => {
    const { client, runtime, issued } = await tokenApi(credentials, { expiresIn: "100" });
    expect(await client.get("a")).toEqual({ token: "t1" });
    runtime.elapse(69_999);
    expect(await client.get("a")).toEqual({ token: "t1" });
    runtime.elapse(1);
    expect(await client.get("a")).toEqual({ token: "t2" });
    expect(issued()).toBe(2);
  });

  test("a token without a known end lives for an hour", async () => {
    const { client, runtime } = await tokenApi(credentials, { expiresIn: null });
    await client.get("a");
    runtime.elapse(3_569_999);
    expect(await client.get("a")).toEqual({ token: "t1" });
    runtime.elapse(1);
    expect(await client.get("a")).toEqual({ token: "t2" });
  });

  test("however many requests need a token, it is fetched once", async () => {
    const { client, issued } = await tokenApi(credentials);
    await Promise.all(Array.from({ length: 30 }, () => client.get("a")));
    expect(issued()).toBe(1);
  });

  test("a request that is stopped while it fetches a token does not stop the others", async () => {
    const controller = new AbortController();
    let asked = 0;
    const { url } = await startServer(({ path }) => {
      if (path !== "/token") return { json: {} };
      if (++asked === 1) controller.abort();
      else return { json: { access_token: "t" } };
    });
    const client = restClient({ baseUrl: url, auth: credentials(`${url}/token`), runtime: fakeRuntime() });
    const [stopped, other] = await Promise.allSettled([
      client.get("a", { signal: controller.signal }),
      client.get("a"),
    ]);
    expect(stopped).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
    expect(other).toMatchObject({ status: "fulfilled" });
  });

  test("a token that is refused is replaced once", async () => {
    const { client, received } = await tokenApi(credentials, { accepts: (token) => token === "t2" });
    expect(await client.get("a")).toEqual({ token: "t2" });
    expect(received.map(({ path }) => path)).toEqual(["/token", "/a", "/token", "/a"]);
    const never = await tokenApi(credentials, { accepts: () => false });
    await expect(never.client.get("a")).rejects.toMatchObject({ code: "HTTP_STATUS", status: 401 });
    expect(never.issued()).toBe(2);
  });

  test("many requests whose token is refused replace it once", async () => {
    const { client, issued } = await tokenApi(credentials, { accepts: (token) => token !== "t1" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.get("a")));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"token":"t2"}']));
    expect(issued()).toBe(2);
  });

  test("a token that is given is used until it is refused", async () => {
    const { client, received } = await tokenApi(
      (accessTokenUrl) =>
        oauth2ClientCredentials({ accessTokenUrl, clientId: "id", clientSecret: "s", accessToken: "given" }),
      { accepts: (token) => received.length > 1 || token === "given" },
    );
    expect(await client.get("a")).toEqual({ token: "given" });
    expect(received.map(({ path }) => path)).toEqual(["/a"]);
  });

  test("the form, with more fields, or id and secret in a header", async () => {
    const inForm = await tokenApi((accessTokenUrl) =>
      oauth2ClientCredentials({
        accessTokenUrl,
        clientId: "id",
        clientSecret: "s&",
        accessTokenRequestData: { scope: "a b", grant_type: "other" },
      }),
    );
    await inForm.client.get("a");
    expect(inForm.received[0]).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "client_id=id&client_secret=s%26&grant_type=other&scope=a+b",
    });
    const basic = await tokenApi((accessTokenUrl) =>
      oauth2ClientCredentials({ accessTokenUrl, clientId: "id", clientSecret: "s", clientAuthentication: "basic" }),
    );
    await basic.client.get("a");
    expect(basic.received[0]).toMatchObject({
      headers: { authorization: "Basic aWQ6cw==" },
      body: "grant_type=client_credentials",
    });
  });

  test.each([
    [{ status: 400, json: { error: "invalid_client" } }, "the answer is 400 Bad Request"],
    [{ json: { token: "x" } }, "the answer has no `access_token`"],
    [{ body: "<html>" }, "the answer has no `access_token`"],
  ])("an answer without token: %j", async (reply, reason) => {
    const { url, received } = await startServer(() => reply);
    const client = restClient({ baseUrl: url, auth: credentials(`${url}/token?x=1`), runtime: fakeRuntime() });
    await expect(client.get("a")).rejects.toMatchObject({
      code: "HTTP_TOKEN_REFUSED",
      message: `${url}/token gave no access token: ${reason}.`,
    });
    expect(received.length).toBe(1);
  });

  test("a token is asked for again as any request is, and not once more around that", async () => {
    const { url, received } = await startServer(() => ({ status: 500, json: {} }));
    const client = restClient({
      baseUrl: url,
      auth: credentials(`${url}/token`),
      runtime: fakeRuntime(),
      retry: { maxAttempts: 3 },
    });
    await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_TOKEN_REFUSED", retryable: true });
    expect(received.map(({ path }) => path)).toEqual(["/token", "/token", "/token"]);
  });
});

describe("OAuth 2.0 JWT bearer grant", () => {
  const pem = (file: string) => readFileSync(new URL(`fixtures/${file}`, import.meta.url), "utf8");
  const part = (text: string | undefined) => JSON.parse(Buffer.from(text ?? "", "base64url").toString()) as unknown;

  test.each([
    ["key.pem", pem("key.pem"), undefined],
    ["key.pem on one line", pem("key.pem").replaceAll("\n", "\\n"), undefined],
    ["encrypted-key.pem", pem("encrypted-key.pem"), secretOf("open")],
  ])("a statement signed with %s", async (_, privateKey, privateKeyPassphrase) => {
    const { client, received } = await tokenApi((authEndpoint) =>
      oauth2JwtBearer({
        ...{
          clientId: "me@project",
          privateKey: secretOf(privateKey),
          authEndpoint,
          scopes: ["a", "b"],
          headers: { "x-h": "1" },
        },
        ...(privateKeyPassphrase !== undefined && { privateKeyPassphrase }),
      }),
    );
    expect(await client.get("a")).toEqual({ token: "t1" });
    const form = new URLSearchParams(received[0]?.body);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    expect(received[0]?.headers["x-h"]).toBe("1");
    const [head, claims, signature = ""] = (form.get("assertion") ?? "").split(".");
    const iat = Date.UTC(2026, 0, 1) / 1000;
    expect(part(head)).toEqual({ alg: "RS256", typ: "JWT" });
    expect(part(claims)).toEqual({
      iss: "me@project",
      sub: "me@project",
      aud: expect.stringMatching(/\/token$/),
      iat,
      exp: iat + 3600,
      scope: "a b",
    });
    const key = createPublicKey({
      key: privateKey.replaceAll("\\n", "\n"),
      ...(privateKeyPassphrase && { passphrase: "open" }),
    });
    expect(createVerify("sha256").update(`${head}.${claims}`).verify(key, signature, "base64url")).toBe(true);
  });

  test.each([["no key"], [pem("encrypted-key.pem")]])("what is no key is not shown", async (privateKey) => {
    const { client } = await tokenApi((authEndpoint) => oauth2JwtBearer({ clientId: "c", privateKey, authEndpoint }));
    const error: unknown = await client.get("a").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "HTTP_OPTION_INVALID", context: { option: "privateKey" } });
    expect(inspect(error, { depth: 9 })).not.toContain(privateKey.slice(0, 40));
  });
});
