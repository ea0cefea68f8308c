import { describe, expect, it } from "vitest";
import { patchOf, shownPatch } from "../../../src/report/fix-diff.ts";

const diffed = (before: string | undefined, after: string, name = "a.c") => ({
  name,
  before: before === undefined ? undefined : Buffer.from(before, "latin1"),
  after: Buffer.from(after, "latin1"),
});
const patch = (...args: Parameters<typeof diffed>) => patchOf([diffed(...args)]).toString("latin1");

describe("the patch of a fix", () => {
  it("has git's head and three lines around a change", () => {
    expect(patch("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n")).toBe(
      "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
  });

  it("keeps line breaks and bytes as they are", () => {
    expect(patch("a\xe9\r\nb\r\n", "a\xe9\r\nc\r\n")).toContain("@@ -1,2 +1,2 @@\n a\xe9\r\n-b\r\n+c\r\n");
    expect(patch("a\nb\r\n", "a\r\nb\r\n")).toContain("-a\n+a\r\n b\r\n");
  });

  it("says where there is no newline at the end", () => {
    expect(patch("a\nb", "a\nc")).toContain(" a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n");
    expect(patch("a\n", "a\nb")).toContain(" a\n+b\n\\ No newline at end of file\n");
  });

  it("makes files", () => {
    expect(patch(undefined, "x\ny\n", "n.h")).toBe(
      "diff --git a/n.h b/n.h\nnew file mode 100644\n--- /dev/null\n+++ b/n.h\n@@ -0,0 +1,2 @@\n+x\n+y\n",
    );
    expect(patch("", "x\n")).toContain("--- a/a.c\n+++ b/a.c\n@@ -0,0 +1 @@\n+x\n");
  });

  it("quotes names as git does", () => {
    expect(patch("1\n", "2\n", 'n\u00e4"\t.c')).toContain('--- "a/n\\303\\244\\"\\t.c"\n+++ "b/n');
    expect(patch("1\n", "2\n", "a b.c")).toContain("--- a/a b.c\t\n+++ b/a b.c\t\n");
  });

  it("is empty for equal texts", () => {
    expect(patch("1\n", "1\n")).toBe("");
  });

  it("shows nothing on a terminal that it would obey", () => {
    const paint = {
      head: (t: string) => `H${t}`,
      hunk: (t: string) => `@${t}`,
      added: (t: string) => `A${t}`,
      removed: (t: string) => `R${t}`,
    };
    const shown = shownPatch([diffed("\ta\x1b[31m\r\n", "--b\x07\r\n")], paint);
    expect(shown).toBe("Hdiff --git a/a.c b/a.c\nH--- a/a.c\nH+++ b/a.c\n@@@ -1 +1 @@\nR-    a\\x1b[31m\nA+--b\\x07\n");
  });
});
