import { describe, expect, it } from "vitest";
import { findCompileCommands, inShadow, lookingOnly } from "../../../../src/fix/check/compile-commands.ts";
import { firstError } from "../../../../src/fix/check/run-command.ts";
import type { Shadow } from "../../../../src/fix/check/shadow.ts";
import { quoted, shellWords } from "../../../../src/fix/check/shell-words.ts";
import { project } from "../write/project.ts";

describe("words of a command line", () => {
  it.each([
    ["cc -c a.c", ["cc", "-c", "a.c"]],
    ['  cc   \'-DNAME="a b"\' -I"my dir"\t', ["cc", '-DNAME="a b"', "-Imy dir"]],
    ["cc -DX=\\\"y\\\" a\\ b.c ''", ["cc", '-DX="y"', "a b.c", ""]],
    ['cc "a\\n\\"b\\\\" \'c\\d\'', ["cc", 'a\\n"b\\', "c\\d"]],
    ["", []],
  ])("%s", (command, words) => {
    expect(shellWords(command)).toEqual(words);
  });

  it.each(["a.c", "a b.c", "it's", "$(x)", "a\\b", '"q"', ""])("%j comes back as one word", (word) => {
    expect(shellWords(`x ${quoted(word, "linux")}`)).toEqual(["x", word]);
  });
});

describe("a compiler that only looks", () => {
  it("writes nothing: no object, no list of dependencies", () => {
    const words = shellWords("gcc -O2 -MD -MQ a.o -MF a.o.d -I../src -o a.o -c ../src/a.c -MFx.d -oa.o -D_OPT");
    expect(lookingOnly({ directory: "/b", words }).words).toEqual([
      ...["gcc", "-O2", "-I../src", "../src/a.c", "-D_OPT", "-fsyntax-only"],
    ]);
  });
});

describe("a command moved to the shadow", () => {
  const top = "/home/me/lamp";
  const shadow: Shadow = {
    folder: "/tmp/s/lamp",
    pathOf: (path) => (path === top || path.startsWith(`${top}/`) ? `/tmp/s/lamp${path.slice(top.length)}` : path),
    remove: () => {},
  };
  const moved = (directory: string, command: string) => {
    const { directory: cwd, words } = inShadow({ directory, words: shellWords(command) }, top, shadow);
    return `${cwd}: ${words.join(" ")}`;
  };

  it("keeps what is relative inside of the project", () => {
    const command = "cc -I../include -Isub -DA=b -x c ../src/a.c";
    expect(moved(`${top}/build`, command)).toBe(`/tmp/s/lamp/build: ${command}`);
  });

  it("moves absolute paths of the project, in every form, and no others", () => {
    expect(
      moved(
        `${top}/build`,
        `cc -I${top}/include -isystem ${top}/x -iquote${top} -I/usr/include ${top}/a.c -I/home/me/lamps`,
      ),
    ).toBe(
      "/tmp/s/lamp/build: cc -I/tmp/s/lamp/include -isystem /tmp/s/lamp/x -iquote/tmp/s/lamp -I/usr/include /tmp/s/lamp/a.c -I/home/me/lamps",
    );
  });

  it("moves what a folder outside of the project sees of it", () => {
    expect(moved("/home/me/build", "cc -I../lamp/include ../lamp/a.c")).toBe(
      "/home/me/build: cc -I../../../tmp/s/lamp/include ../../../tmp/s/lamp/a.c",
    );
  });
});

describe("a compilation database", () => {
  const entry = (file: string) => ({ directory: "/b", file, command: "cc -c x.c" });

  it.each([
    "compile_commands.json",
    "build/compile_commands.json",
    "build/cp313/compile_commands.json",
    "build-debug/compile_commands.json",
  ])("is found at %s", (place) => {
    const p = project({ [place]: JSON.stringify([entry("/p/a.c"), entry("/p/a.c"), { file: 3 }]) });
    const found = findCompileCommands(p.folder);
    expect(found?.path).toBe(p.path(place));
    expect([...(found?.commands ?? [])]).toEqual([["/p/a.c", { directory: "/b", words: ["cc", "-c", "x.c"] }]]);
  });

  it("is missed where there is none", () => {
    expect(findCompileCommands(project({ "a.c": "" }).folder)).toBeUndefined();
  });
});

describe("the first error of a compiler", () => {
  it.each([
    [
      "a.c: In function 'f':\na.c:3:5: warning: unused\na.c:9:1: error: expected ';'\nx error: y\n",
      "a.c:9:1: error: expected ';'",
    ],
    ["\nno such thing\nmore\n", "no such thing"],
    ["", ""],
  ])("of %j", (output, error) => {
    expect(firstError(output)).toBe(error);
  });
});
