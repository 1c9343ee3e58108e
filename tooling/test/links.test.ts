import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { markdownPages, readPage } from "../src/markdown.js";
import { repositoryRoot } from "../src/workspace.js";

const links = markdownPages().flatMap((page) => linksOf(page));

test("links lead to files and headings that are there", () => {
  expect(links.length).toBeGreaterThan(20);
  const broken = links.filter(({ page, target, anchor }) => {
    const file = target === "" ? page : join(dirname(page), target);
    if (!existsSync(join(repositoryRoot, file))) return true;
    return anchor !== "" && !anchorsOf(file).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test("every page of the documentation can be reached from its start", () => {
  const reached = new Set<string>();
  const follow = (page: string): void => {
    if (reached.has(page)) return;
    reached.add(page);
    for (const { target } of linksOf(page)) if (target.endsWith(".md")) follow(join(dirname(page), target));
  };
  follow("README.md");
  expect(markdownPages().filter((page) => page.startsWith("docs/") && !reached.has(page))).toEqual([]);
});

/** Links to files and headings of the repository, outside of code. */
function linksOf(page: string) {
  const text = readPage(page)
    .replaceAll(/^```.*?^```$/gms, "")
    .replaceAll(/`[^`\n]*`/g, "``");
  return [...text.matchAll(/\]\(([^)\s#]*)(?:#([^)\s]*))?\)/g)]
    .map(([, target = "", anchor = ""]) => ({ page, target, anchor }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** What GitHub makes of the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  return [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}
