import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { defaultRuntime } from "../runtime.js";
import { claimPipeline } from "./claims.js";
import { createWorkingFolder, readStateText, workingFolder, writeStateText } from "./working-folder.js";

/** A file system of 64 KiB; `null` where this process may not mount one. */
function smallDisk(): string | null {
  const path = mkdtempSync(join(tmpdir(), "small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", path], { stdio: "ignore" });
    return path;
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
}

const disk = process.platform === "linux" ? smallDisk() : null;

describe.skipIf(disk === null)("on a disk of 64 KiB", () => {
  const runtime = defaultRuntime();
  const folder = workingFolder({ pipelineName: "shop", pipelinesDir: disk ?? "", runtime });
  const code = (value: string): Error => expect.objectContaining({ code: value }) as Error;

  afterEach(() => {
    execFileSync("mount", ["-o", "remount,rw", disk ?? ""]);
    rmSync(join(disk ?? "", "filler"), { force: true });
  });

  afterAll(() => {
    execFileSync("umount", [disk ?? ""]);
    rmSync(disk ?? "", { recursive: true });
  });

  test("a state that does not fit leaves the old one, and nothing beside it", async () => {
    await createWorkingFolder(folder);
    await writeStateText(folder, "old");
    await expect(writeStateText(folder, "x".repeat(100_000))).rejects.toThrow(code("STORAGE_FULL"));
    expect(await readStateText(folder)).toBe("old");
    expect(readdirSync(folder.path).sort()).toEqual(["packages", "schemas", "state.json"]);
    await writeStateText(folder, "new");
    expect(await readStateText(folder)).toBe("new");
  });

  test("a pipeline cannot be claimed when the disk is full, and can once there is space", async () => {
    fill(join(disk ?? "", "filler"));
    await expect(claimPipeline({ folder: folder.path, pipelineName: "shop", runtime })).rejects.toThrow(
      code("STORAGE_FULL"),
    );
    rmSync(join(disk ?? "", "filler"));
    await using claim = await claimPipeline({ folder: folder.path, pipelineName: "shop", runtime });
    await claim.assertHeld();
    expect(readdirSync(folder.claimsPath)).toHaveLength(1);
  });

  test("a disk that is read-only is reported with what to set", async () => {
    execFileSync("mount", ["-o", "remount,ro", disk ?? ""]);
    await expect(writeStateText(folder, "x")).rejects.toThrow(code("STORAGE_NOT_WRITABLE"));
    await expect(
      createWorkingFolder(workingFolder({ pipelineName: "other", pipelinesDir: disk ?? "", runtime })),
    ).rejects.toThrow(expect.objectContaining({ hint: expect.stringContaining("DLT_DATA_DIR") as string }));
    for (const path of [folder.path, join(disk ?? "", "other")]) {
      const claim = claimPipeline({ folder: path, pipelineName: "shop", runtime });
      await expect(claim).rejects.toThrow(code("STORAGE_NOT_WRITABLE"));
    }
  });

  function fill(path: string): void {
    expect(() => writeFileSync(path, "x".repeat(200_000))).toThrow("ENOSPC");
  }
});
