import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const exec = promisify(execFile);
const here = fileURLToPath(new URL("..", import.meta.url));

/** Packages of this repository, as they would be published, on a server as npm installs from. */
export interface Registry {
  readonly url: string;
  /** By the name of the package. */
  readonly versions: ReadonlyMap<string, string>;
  close(): void;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Packs what this example depends on into `folder`, and serves it. */
export async function startRegistry(folder: string): Promise<Registry> {
  await pack(folder);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  const packages = new Map(await Promise.all(files.map((file) => readPackage(folder, file))));
  const server = createServer(({ url = "/", headers }, response) => {
    void (async () => {
      const path = decodeURIComponent(url.slice(1));
      if (files.includes(path)) return void response.end(await readFile(join(folder, path)));
      const found = packages.get(path);
      if (found === undefined) return void response.writeHead(404).end();
      const { manifest, file, integrity } = found;
      const dist = { tarball: `http://${headers.host}/${file}`, integrity };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          name: manifest.name,
          "dist-tags": { latest: manifest.version },
          versions: { [manifest.version]: { ...manifest, dist } },
        }),
      );
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    versions: new Map([...packages].map(([name, { manifest }]) => [name, manifest.version])),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function pack(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8")) as {
    readonly dependencies: object;
  };
  const filters = Object.keys(dependencies).flatMap((name) => ["--filter", name]);
  await exec("npx", ["--yes", "pnpm@10", "--recursive", ...filters, "pack", "--pack-destination", folder], {
    cwd: join(here, "../.."),
  });
}

async function readPackage(folder: string, file: string) {
  const path = join(folder, file);
  const { stdout } = await exec("tar", ["--extract", "--to-stdout", "--file", path, "package/package.json"]);
  const manifest = JSON.parse(stdout) as Manifest;
  const hash = createHash("sha512").update(await readFile(path));
  return [manifest.name, { manifest, file, integrity: `sha512-${hash.digest("base64")}` }] as const;
}
