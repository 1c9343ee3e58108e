import type { EventEmitter } from "node:events";
import type pg from "pg";

/** What logging in is of the driver's connection; its types leave it out. */
interface DriverConnection extends EventEmitter {
  readonly stream: { destroy(): void };
}

const bindingRefused = "the server offers no login that is bound to the encrypted connection";

const bound = "SCRAM-SHA-256-PLUS";

/** Ends the connection where the server wants another login, before anything of the password was sent. */
export function requireChannelBinding(client: pg.Client): void {
  const { connection } = client as unknown as { readonly connection: DriverConnection };
  let isBound = false;
  const refuse = (): void => {
    // Nothing that the driver's own listeners write goes out any more.
    connection.stream.destroy();
    connection.emit("error", new Error(bindingRefused));
  };
  // These come before the driver's own, which it adds when it connects.
  connection.on("authenticationSASL", ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    isBound = mechanisms.includes(bound);
    if (!isBound) refuse();
  });
  connection.on("authenticationCleartextPassword", refuse);
  connection.on("authenticationMD5Password", refuse);
  connection.on("authenticationOk", () => {
    if (!isBound) refuse();
  });
}
