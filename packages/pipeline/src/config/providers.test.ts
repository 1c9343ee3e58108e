import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { environmentProvider } from "./environment-provider.js";
import { tomlProvider } from "./toml-provider.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const plain = { secret: false, nested: false };

describe("environment", () => {
  const path = ["sources", "github", "token"];

  test("joins the parts in upper case", () => {
    const provider = environmentProvider({ env: { "MY-PIPE__SOURCES__A__B": "1" } });
    expect(provider.keyOf(["my-pipe", "sources", "", "a", "b"])).toBe("MY-PIPE__SOURCES__A__B");
    expect(provider.find(["my-pipe", "sources", "a", "b"], plain)).toBe("1");
  });

  test("an empty text is a value", () => {
    expect(environmentProvider({ env: { A: "" } }).find(["a"], plain)).toBe("");
  });

  test("a secret may be a file, or a file in a folder of its name", async () => {
    const provider = environmentProvider({ env: { SOURCES__GITHUB__TOKEN: "variable" }, secretsDir: folder });
    expect(provider.find(path, { secret: true, nested: false })).toBe("variable");
    await writeFile(join(folder, "sources--github--token"), "file\n");
    expect(provider.find(path, { secret: true, nested: false })).toBe("file");
    expect(provider.find(path, plain)).toBe("variable");
    await rm(join(folder, "sources--github--token"));
    await mkdir(join(folder, "sources--github--token"));
    await writeFile(join(folder, "sources--github--token", "sources--github--token"), "inner");
    expect(provider.find(path, { secret: true, nested: false })).toBe("inner");
  });

  test("variables below a path make an object where that is asked for", () => {
    const env = {
      D__CREDENTIALS__DATABASE: "db",
      D__CREDENTIALS__GLOBAL_CONFIG__THREADS: "2",
      D__CREDENTIALSX__A: "no",
    };
    const provider = environmentProvider({ env });
    expect(provider.find(["d", "credentials"], plain)).toBeUndefined();
    expect(provider.find(["d", "credentials"], { secret: false, nested: true })).toEqual({
      database: "db",
      global_config: { threads: "2" },
    });
    expect(provider.find(["d", "other"], { secret: false, nested: true })).toBeUndefined();
  });

  test("variables that are set later count", () => {
    const env: Record<string, string> = {};
    const provider = environmentProvider({ env });
    expect(provider.isEmpty).toBe(true);
    env["D__CREDENTIALS__DATABASE"] = "db";
    expect(provider.isEmpty).toBe(false);
    expect(provider.find(["d", "credentials"], { secret: false, nested: true })).toEqual({ database: "db" });
  });

  test("listed once, the names of its variables are not asked for again", () => {
    let count = 0;
    const variables: Record<string, string> = { D__CREDENTIALS__DATABASE: "db" };
    const env = new Proxy(variables, {
      ownKeys(target) {
        count++;
        return Reflect.ownKeys(target);
      },
    });
    const provider = environmentProvider({ env }).listed?.();
    for (let time = 0; time < 3; time++)
      expect(provider?.find(["d", "credentials"], { secret: false, nested: true })).toEqual({ database: "db" });
    expect(count).toBe(1);
  });
});

describe("TOML", () => {
  const read = (options: Partial<Parameters<typeof tomlProvider>[0]> = {}) =>
    tomlProvider({
      fileName: "config.toml",
      holdsSecrets: false,
      folders: [join(folder, "project"), join(folder, "user")],
      profile: null,
      ...options,
    });

  async function write(path: string, text: string): Promise<void> {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  test("tables of the project and of the user are merged, the project wins", async () => {
    await write("project/config.toml", 'a = 1\n[t]\nx = "project"\n');
    await write("user/config.toml", 'b = 2\n[t]\nx = "user"\ny = "user"\n');
    const provider = read();
    expect(provider.find(["a"], plain)).toBe(1);
    expect(provider.find(["b"], plain)).toBe(2);
    expect(provider.find(["t"], plain)).toEqual({ x: "project", y: "user" });
    expect(provider.find(["t", "x", "deeper"], plain)).toBeUndefined();
    expect(provider.find(["T"], plain)).toBeUndefined();
    expect(provider.keyOf(["t", "x"])).toBe("t.x");
  });

  test("files of the profile come first in each folder", async () => {
    await write("project/dev.config.toml", 'a = "1"');
    await write("project/config.toml", 'a = "2"\nb = "2"');
    await write("user/dev.config.toml", 'b = "3"\nc = "3"');
    const provider = read({ profile: "dev" });
    expect(["a", "b", "c"].map((key) => provider.find([key], plain))).toEqual(["1", "2", "3"]);
    expect(provider.locations).toEqual([
      { path: join(folder, "project/dev.config.toml"), found: true },
      { path: join(folder, "project/config.toml"), found: true },
      { path: join(folder, "user/dev.config.toml"), found: true },
      { path: join(folder, "user/config.toml"), found: false },
    ]);
  });

  test("no file and no content are empty", async () => {
    expect(read().isEmpty).toBe(true);
    await write("project/config.toml", "# nothing\n");
    expect(read().isEmpty).toBe(true);
    await write("project/config.toml", "a = 1\n");
    expect(read().isEmpty).toBe(false);
  });

  test("dates are text, and large integers are exact", async () => {
    await write(
      "project/config.toml",
      "since = 2024-01-02T03:04:05Z\nday = 2024-01-02\nid = 9007199254740993\nlist = [1, 2024-01-02]\n",
    );
    const provider = read();
    expect(provider.find(["since"], plain)).toBe("2024-01-02T03:04:05.000Z");
    expect(provider.find(["day"], plain)).toBe("2024-01-02");
    expect(provider.find(["id"], plain)).toBe(9007199254740993n);
    expect(provider.find(["list"], plain)).toEqual([1, "2024-01-02"]);
  });

  test("keys of every object are looked up only where they stand", async () => {
    await write("project/config.toml", '[t]\n"__proto__" = 1\n');
    expect(read().find(["toString"], plain)).toBeUndefined();
    expect(read().find(["t", "constructor"], plain)).toBeUndefined();
  });

  test("a broken file is named with line and column, and none of its content", async () => {
    await write("project/config.toml", 'a = 1\npassword = hunter2"\n');
    expect(() => read()).toThrow(
      expect.objectContaining({
        code: "CONFIG_FILE_INVALID",
        message: expect.stringMatching(/project\/config\.toml` is not valid TOML at line 2, column \d+: /) as string,
        context: { path: join(folder, "project/config.toml"), line: 2, column: expect.any(Number) as number },
      }),
    );
    try {
      read();
    } catch (error) {
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
    }
  });

  test("a file that cannot be read is not taken for one that is not there", async () => {
    await mkdir(join(folder, "project/config.toml"), { recursive: true });
    expect(() => read()).toThrow(expect.objectContaining({ code: "CONFIG_FILE_INVALID" }));
  });
});
