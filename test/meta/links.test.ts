import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { type Page, pages } from "./doc-pages.ts";

const root = join(import.meta.dirname, "../..");
const byFile = new Map(pages.map((page) => [page.file, page]));
const STARTS = ["README.md", "docs/README.md"];
/** Not in git: a reader of the project on the web does not have it. */
const UNTRACKED = /^(dist|node_modules)\//;
const MACHINE_PATH = /(?<![\w.:/*])(?:\/(?:home|Users|root|tmp|work|private|mnt)\/|[A-Z]:\\)[^\s`)]*/;

/** Where a link of `page` goes, below the root; undefined for the web. */
function targetOf(page: Page, href: string): { file: string; anchor: string } | undefined {
  if (/^(https?|mailto):/.test(href)) return undefined;
  const [path, anchor = ""] = href.split("#");
  return { file: path === "" ? page.file : normalize(join(dirname(page.file), decodeURI(path))), anchor };
}

describe("the documentation", () => {
  it("has pages", () => {
    expect(pages.length).toBeGreaterThan(30);
    expect(pages.flatMap((page) => page.links).length).toBeGreaterThan(50);
  });

  it.each(pages.map((page) => [page.file, page] as const))("%s has links that go somewhere", (_, page) => {
    for (const href of page.links) {
      const target = targetOf(page, href);
      if (target === undefined) continue;
      expect(href, "links are relative").not.toMatch(/^\//);
      expect(target.file, `${href} leaves the project`).not.toMatch(/^\.\./);
      expect(target.file, `${href} is not in the repository`).not.toMatch(UNTRACKED);
      expect(existsSync(join(root, target.file)), `${href} is not there`).toBe(true);
      if (target.anchor === "") continue;
      const anchors = byFile.get(target.file)?.anchors ?? new Set();
      expect([...anchors], `${href}: no such heading`).toContain(target.anchor);
    }
  });

  it.each(pages.map((page) => [page.file, page] as const))("%s names no place of one machine", (_, page) => {
    expect(MACHINE_PATH.exec(page.text)?.[0]).toBeUndefined();
  });

  it("can be reached from its start", () => {
    const reached = new Set(STARTS);
    for (const file of reached) {
      const page = byFile.get(file);
      expect(page, `${file} is missing`).toBeDefined();
      for (const href of page!.links) {
        const target = targetOf(page!, href)?.file;
        if (target === undefined || !existsSync(join(root, target))) continue;
        const next = statSync(join(root, target)).isDirectory() ? join(target, "README.md") : target;
        if (byFile.has(next)) reached.add(next);
      }
    }
    expect(pages.map((page) => page.file).filter((file) => !reached.has(file))).toEqual([]);
  });
});
