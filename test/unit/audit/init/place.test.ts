import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type InitPlace, initPlace, withBlock, writeInit } from "../../../../src/audit/init/place.ts";
import { tree } from "../config-tree.ts";

const BLOCK = '[tool.ungil]\n# a comment\ntarget = "3.13"\n';
const place = (before?: string): InitPlace => ({
  file: "/x/pyproject.toml",
  shown: "pyproject.toml",
  table: "tool.ungil",
  before: before === undefined ? undefined : Buffer.from(before),
});

describe("the place of a first configuration", () => {
  const at = async (files: Record<string, string>, folder = ".", standalone = false) => {
    const cwd = tree({ "a/x.c": "", ...files });
    const { shown, table } = await initPlace(join(cwd, folder), cwd, standalone);
    return [shown, table];
  };

  it("is pyproject.toml if there is one, else a file of its own", async () => {
    expect(await at({})).toEqual(["ungil.toml", ""]);
    expect(await at({ "pyproject.toml": "" })).toEqual(["pyproject.toml", "tool.ungil"]);
    expect(await at({ "pyproject.toml": "" }, ".", true)).toEqual(["ungil.toml", ""]);
    expect(await at({ "pyproject.toml": "" }, "a")).toEqual(["a/ungil.toml", ""]);
    expect(await at({ "pyproject.toml/x": "" })).toEqual(["ungil.toml", ""]);
  });

  it("is taken where a configuration counts already, save for a package of its own", async () => {
    const taken = async (files: Record<string, string>, folder: string, message: string, standalone = false) =>
      expect(at(files, folder, standalone)).rejects.toThrow(`${message}: there is a configuration already`);
    await taken({ "ungil.toml": "#\n" }, ".", "ungil.toml:1:1");
    await taken({ "ungil.toml": "" }, "a", "ungil.toml:1:1");
    await taken({ "pyproject.toml": "\n[tool.ungil]\n" }, ".", "pyproject.toml:2:1", true);
    await taken({ "ungil.toml": "wrong = 1" }, ".", "ungil.toml");
    expect(await at({ "ungil.toml": "", "a/setup.py": "" }, "a")).toEqual(["a/ungil.toml", ""]);
  });

  it("is no pyproject.toml that is broken", async () => {
    await expect(at({ "pyproject.toml": "[project\n" })).rejects.toMatchObject({
      message: expect.stringMatching(/^pyproject\.toml:1:9: not valid TOML/),
      hint: expect.stringContaining("--standalone"),
    });
  });
});

describe("the bytes of a first configuration", () => {
  it.each([
    ['[project]\nname = "x"\n', "\n"],
    ['[project]\nname = "x"', "\n\n"],
    ['[project]\nname = "x"\n\n', ""],
    ['[project]\nname = "x"\n  \n\n', ""],
    ["", ""],
    ["\ufeff", ""],
    ["\ufeff# caf\u00e9\n", "\n"],
    ["[project] # no newline", "\n\n"],
  ])("come after those of the file: %j", (before, gap) => {
    expect(withBlock(place(before), BLOCK).toString()).toBe(before + gap + BLOCK);
  });

  it("have the newlines of the file", () => {
    const before = "[project]\r\nname = 'x'\r\n";
    expect(withBlock(place(before), BLOCK).toString()).toBe(`${before}\r\n${BLOCK.replaceAll("\n", "\r\n")}`);
  });

  it("are refused where no table can be added", () => {
    expect(() => withBlock(place("tool = { ruff = {} }\n"), BLOCK)).toThrow(
      "a table [tool.ungil] cannot be added at its end",
    );
  });
});

describe("writing it", () => {
  it("replaces what a link points to, and keeps the mode", async () => {
    const cwd = tree({ "real.toml": "[project]\n" });
    chmodSync(join(cwd, "real.toml"), 0o640);
    symlinkSync("real.toml", join(cwd, "pyproject.toml"));
    const found = await initPlace(cwd, cwd, false);
    writeInit(found, withBlock(found, BLOCK));
    expect(readFileSync(join(cwd, "real.toml"), "utf8")).toBe(`[project]\n\n${BLOCK}`);
  });

  it("refuses a file that is read-only, that changed or that came meanwhile", async () => {
    const cwd = tree({ "pyproject.toml": "[project]\n", "new/x.c": "" });
    const path = join(cwd, "pyproject.toml");
    const found = await initPlace(cwd, cwd, false);
    chmodSync(path, 0o444);
    expect(() => writeInit(found, withBlock(found, BLOCK))).toThrow("cannot write pyproject.toml (it is read-only)");
    chmodSync(path, 0o644);
    writeFileSync(path, "[project]\n# more\n");
    expect(() => writeInit(found, withBlock(found, BLOCK))).toThrow("it changed meanwhile");
    expect(readFileSync(path, "utf8")).toBe("[project]\n# more\n");
    const fresh = await initPlace(join(cwd, "new"), cwd, true);
    writeFileSync(fresh.file, "");
    expect(() => writeInit(fresh, Buffer.from(""))).toThrow("it changed meanwhile");
  });
});
