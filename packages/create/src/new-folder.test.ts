import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkFolder, writeNewFolder } from "./new-folder.js";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "dlt-new-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("files are written into a folder that is not there yet, or has only a repository in it", () => {
  const folder = join(newFolder(), "a/b");
  checkFolder(folder);
  mkdirSync(join(folder, ".git"), { recursive: true });
  checkFolder(folder);
  writeNewFolder(folder, { "package.json": "{}", ".dlt/config.toml": "" });
  expect(readdirSync(folder).sort()).toEqual([".dlt", ".git", "package.json"]);
  expect(() => checkFolder(folder)).toThrow(
    expect.objectContaining({ code: "CREATE:FOLDER_NOT_EMPTY", message: expect.stringContaining("`package.json`") }),
  );
});

test("what appeared meanwhile is not written over", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "b"), "mine");
  expect(() => writeNewFolder(folder, { a: "", b: "" })).toThrow(
    expect.objectContaining({ code: "CREATE:FOLDER_UNUSABLE", message: expect.stringContaining("1 of 2 files") }),
  );
});

test("a file in the way is named", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  expect(() => checkFolder(join(folder, "file"))).toThrow(/there is a file in its way\. Nothing was written/);
  expect(() => checkFolder(join(folder, "file/project"))).toThrow(/there is a file in its way\. Nothing was written/);
});

test("without permission nothing is written, and the error says so", () => {
  const folder = newFolder();
  chmodSync(folder, 0o500);
  const refusal = expect.objectContaining({
    code: "CREATE:FOLDER_UNUSABLE",
    message: expect.stringContaining("there is no permission. Nothing was written"),
    hint: expect.stringContaining("Name a folder that is yours"),
  });
  asSomebody(() => expect(() => writeNewFolder(join(folder, "project"), { a: "" })).toThrow(refusal));
  expect(readdirSync(folder)).toEqual([]);
});

/** The system lets its administrator write everywhere. */
function asSomebody(work: () => void): void {
  const isAdministrator = process.geteuid?.() === 0;
  if (isAdministrator) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (isAdministrator) process.seteuid?.(0);
  }
}
