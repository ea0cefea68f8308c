import { describe, expect, it } from "vitest";
import { linksBelow, linksFor } from "../../../../src/report/plan/links.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

describe("links", () => {
  it.each([
    ["https://github.com/ada/lamp.git", `https://github.com/ada/lamp/blob/${commit}/src/a.c#L7`],
    ["git@github.com:ada/lamp.git", `https://github.com/ada/lamp/blob/${commit}/src/a.c#L7`],
    ["ssh://git@github.com:22/ada/lamp", `https://github.com/ada/lamp/blob/${commit}/src/a.c#L7`],
    ["https://token:secret@github.com/ada/lamp", `https://github.com/ada/lamp/blob/${commit}/src/a.c#L7`],
    ["https://gitlab.example.org/g/sub/lamp.git", `https://gitlab.example.org/g/sub/lamp/-/blob/${commit}/src/a.c#L7`],
    ["https://codeberg.org/ada/lamp", `https://codeberg.org/ada/lamp/src/commit/${commit}/src/a.c#L7`],
    ["git@git.sr.ht:~ada/lamp", `https://git.sr.ht/~ada/lamp/tree/${commit}/item/src/a.c#L7`],
    ["git@bitbucket.org:ada/lamp.git", `https://bitbucket.org/ada/lamp/src/${commit}/src/a.c#lines-7`],
    ["https://git.example.org/ada/lamp", undefined],
    ["/home/ada/lamp", undefined],
    ["../lamp.git", undefined],
    ["file:///srv/lamp", undefined],
    ["C:\\\\src\\\\lamp", undefined],
    ["https://github.com/", undefined],
  ])("for %s", (url, wanted) => {
    expect(linksFor({ url, commit })("src/a.c", 7)).toBe(wanted);
  });

  it("for no origin are none", () => {
    expect(linksFor(undefined)("a.c", 1)).toBeUndefined();
  });

  it("hold nothing that ends them", () => {
    const link = linksBelow("https://x.org/lamp/blob/main/");
    expect(link("a b/(c) #1?<d>.c", 2)).toBe("https://x.org/lamp/blob/main/a%20b/%28c%29%20%231%3F%3Cd%3E.c#L2");
  });
});
