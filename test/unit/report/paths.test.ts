import { describe, expect, it } from "vitest";
import { reportPaths } from "../../../src/report/paths.ts";

describe("paths in reports", () => {
  it.each([
    ["/p", "/p", "/p", "a/x.c", "a/x.c", "."],
    ["/p/src", "/p", "/p", "src/x.c", "src/x.c", "src"],
    ["/p/src", "/p/src/deep", "/p", "../x.c", "src/x.c", "src"],
    ["/p/src", "/p/build", "/p", "../src/x.c", "src/x.c", "src"],
    ["/opt/e", "/home/somebody/there", "/opt", "/opt/e/x.c", "e/x.c", "e"],
    ["/", "/", "/", "x.c", "x.c", "."],
    ["/", "/p", "/", "/x.c", "x.c", "."],
  ])("of %s, for a user in %s, work tree %s", (root, cwd, top, shown, inRepository, fromTop) => {
    const file = shown.startsWith("a/") ? "a/x.c" : "x.c";
    const paths = reportPaths({ root, cwd, top });
    expect([paths.shown(file), paths.inRepository(file), paths.root]).toEqual([shown, inRepository, fromTop]);
  });

  it("are those of the repository where links lead into it", () => {
    const paths = reportPaths({ root: "/p/link", realRoot: "/repo/ext", cwd: "/p", top: "/repo" });
    expect([paths.shown("x.c"), paths.inRepository("x.c"), paths.root]).toEqual(["link/x.c", "ext/x.c", "ext"]);
  });
});
