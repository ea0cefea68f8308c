import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { configSchema } from "../../../src/audit/config/check.ts";
import { configure, type Given } from "../../../src/audit/config/configure.ts";
import { findConfig } from "../../../src/audit/config/load.ts";
import { lowestMinor, statedMinPython } from "../../../src/audit/config/min-python.ts";
import { UsageError } from "../../../src/audit/types.ts";
import { TomlPlaces } from "../../../src/text/toml-places.ts";
import { auditOf, tree } from "./config-tree.ts";

/** The message for a folder with this `ungil.toml`. */
async function complaint(text: string | Buffer, file = "ungil.toml"): Promise<string> {
  const cwd = tree({ [file]: text });
  try {
    await configure({ cwd }, registry);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return "";
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe("finding the configuration", () => {
  const target = async (cwd: string, folder: string) => {
    const config = await findConfig(join(cwd, folder), cwd);
    return config && `${config.placeOf([])} ${config.values.target}`;
  };

  it("takes the nearest of both kinds", async () => {
    const cwd = tree({
      "ungil.toml": 'target = "3.13"',
      "a/pyproject.toml": '[tool.ungil]\ntarget = "3.14"',
      "a/b/ungil.toml": 'target = "3.15"',
      "a/b/c/x.c": "",
    });
    expect(await target(cwd, "a/b/c")).toBe("a/b/ungil.toml:1:1 3.15");
    expect(await target(cwd, "a")).toBe("a/pyproject.toml:1:1 3.14");
    expect(await target(cwd, ".")).toBe("ungil.toml:1:1 3.13");
  });

  it("prefers ungil.toml in one folder, and passes by a pyproject.toml without the table", async () => {
    const cwd = tree({
      "pyproject.toml": '[tool.ungil]\ntarget = "3.14"',
      "ungil.toml": 'target = "3.15"',
      "a/pyproject.toml": "[tool.ruff]\n# ungil\nline-length = 100",
      "b/pyproject.toml": "this is [ not TOML",
    });
    expect(await target(cwd, "a")).toBe("ungil.toml:1:1 3.15");
    expect(await target(cwd, "b")).toBe("ungil.toml:1:1 3.15");
  });

  it("does not look above the top of the repository", async () => {
    const cwd = tree({ "ungil.toml": "", "inner/.git/HEAD": "", "inner/src/x.c": "" });
    expect(await target(cwd, "inner/src")).toBeUndefined();
  });

  it("starts from the scanned folder", async () => {
    const cwd = tree({ "ungil.toml": 'target = "3.14"', "a/ungil.toml": 'target = "3.15"', "a/x.c": "" });
    expect((await configure({ cwd, paths: ["a"] }, registry)).options.target).toBe(15);
    expect((await configure({ cwd, paths: ["a"], config: "ungil.toml" }, registry)).options.target).toBe(14);
    expect((await configure({ cwd, paths: ["a"], config: false }, registry)).options.target).toBe(13);
  });

  it("starts from the folder of a scanned file, and from what several paths have in common", async () => {
    const cwd = tree({
      "ungil.toml": 'target = "3.14"',
      "a/ungil.toml": 'target = "3.15"',
      "a/src/x.c": "",
      "a/lib/y.c": "",
      "b/z.c": "",
    });
    const target = async (...paths: string[]) => (await configure({ cwd, paths }, registry)).options.target;
    expect(await target("a/src/x.c")).toBe(15);
    expect(await target("a/src/x.c", "a/lib")).toBe(15);
    expect(await target("a/src/x.c", "b")).toBe(14);
  });

  it("reports those below that do not count, unless one was chosen", async () => {
    const cwd = tree({
      "ungil.toml": "",
      "a/ungil.toml": "",
      "a/x.c": "",
      "b/pyproject.toml": "[tool.ungil]",
      "b/deep/y.c": "",
      "c/pyproject.toml": "[project]",
      "c/z.c": "",
      "empty/ungil.toml": "",
    });
    const ignored = async (given: Given) => (await auditOf(cwd, given)).problems.map((p) => `${p.kind} ${p.file}`);
    expect(await ignored({})).toEqual(["config a/ungil.toml", "config b/pyproject.toml"]);
    expect(await ignored({ paths: ["a", "c"] })).toEqual(["config a/ungil.toml"]);
    expect(await ignored({ paths: ["a"] })).toEqual([]);
    expect(await ignored({ config: false })).toEqual([]);
    expect(await ignored({ config: "ungil.toml" })).toEqual([]);
  });

  it("says what is wrong with the file that was named, and with what cannot be read", async () => {
    const cwd = tree({ "pyproject.toml": "[project]", "loop/x.c": "", "folder/ungil.toml/x": "", "pipe/x.c": "" });
    symlinkSync("pyproject.toml", join(cwd, "loop/pyproject.toml"));
    const refused = (given: Given, message: string) =>
      expect(configure({ cwd, ...given }, registry)).rejects.toThrow(message);
    await refused({ config: "my.toml" }, "cannot read the configuration my.toml (ENOENT)");
    await refused({ config: "pyproject.toml" }, "pyproject.toml has no table [tool.ungil]");
    await refused({ paths: ["loop"] }, "cannot read the configuration loop/pyproject.toml (ELOOP)");
    spawnSync("mkfifo", [join(cwd, "pipe/ungil.toml")]);
    await refused({ paths: ["pipe"] }, "pipe/ungil.toml is not a regular file");
    await refused({ paths: ["folder"] }, "cannot read the configuration folder/ungil.toml (EISDIR)");
  });

  it("takes a folder in `exclude` for what is in it", async () => {
    const files = { "src/a.c": "int a;", "src/old/b.c": "int b;", "src/old/deep/c.c": "int c;" };
    for (const glob of ["src/old", "src/old/", "./src/old/**", "**/old"]) {
      const cwd = tree({ ...files, "ungil.toml": `exclude = ["${glob}"]` });
      expect((await auditOf(cwd)).summary.files, glob).toBe(1);
      expect((await auditOf(cwd, { paths: ["src"] })).summary.files, glob).toBe(1);
    }
  });
});

describe("mistakes", () => {
  it("name file, line and the nearest known key", async () => {
    expect(await complaint('# first\ntarget = "3.14"\n\nlock-function = []\n')).toBe(
      "ungil.toml:4:1: unknown key `lock-function`; did you mean `lock-functions`?",
    );
    expect(await complaint('[project]\nname = "x"\n\n[tool.ungil]\nexlude = ["x"]\n', "pyproject.toml")).toBe(
      "pyproject.toml:5:1: unknown key `exlude`; did you mean `exclude`?",
    );
  });

  it("are found in tables of arrays, inline and not, in order of place", async () => {
    const text = [
      "borrowed-functions = [",
      '  { name = "good" },',
      '  { name = "bad", kind = "dikt" }, # ]',
      "]",
      "[[lock-functions]]",
      'lock = "a"',
      'unlock = "b"',
      "[[lock-functions]]",
      'lock = "c"',
      "argument = -1",
    ].join("\n");
    expect(await complaint(text)).toBe(
      [
        'ungil.toml:3:19: `borrowed-functions[1].kind` must be one of "list", "dict", "other"; did you mean "dict"?',
        "ungil.toml:8:1: `lock-functions[1]` lacks the key `unlock`",
        "ungil.toml:10:1: `lock-functions[1].argument` must be at least 0, not -1",
      ].join("\n"),
    );
  });

  it.each([
    ["target = 3.14", '1:1: `target` must be one of "3.13", "3.14", "3.15", as a string in quotes'],
    ['select = "borrowed"', '1:1: `select` must be a list, not "borrowed"'],
    ["select = [1]", "1:11: `select[0]` must be a string, not 1"],
    ['select = [\n  "borrowed",\n  "boxed",\n]', '3:3: unknown rule or family "boxed"'],
    ['not-thread-safe = ["H5()"]', '1:20: `not-thread-safe[0]` must be a name as in C, not "H5()"'],
    ['exclude = [""]', "1:12: `exclude[0]` must not be empty"],
    [
      'exclude = ["../x/**"]',
      '1:12: `exclude[0]` must be a glob below the folder of the file, with `/` between names, not "../x/**"',
    ],
    [
      'exclude = ["src\\\\x"]',
      '1:12: `exclude[0]` must be a glob below the folder of the file, with `/` between names, not "src\\\\x"',
    ],
    ['"no \\u001b\\" key" = 1', '1:1: unknown key `"no \\u001b\\" key"`; known are target'],
    ["[tool.ungil]", "1:1: unknown key `tool`; `[tool.ungil]` is for pyproject.toml; here its keys stand at the top"],
    ["\ufeff\r\nfail_on = 1", "2:1: unknown key `fail_on`; did you mean `fail-on`?"],
    ["entry-points = [3]", "1:17: `entry-points[0]` must be a table, not 3"],
    ["risk = 2020-01-01", '1:1: `risk` must be one of "high", "medium", "low", "info", not a date'],
  ])("of values: %s", async (text, message) => {
    expect(await complaint(text)).toMatch(new RegExp(`^${escaped(`ungil.toml:${message}`)}`));
  });

  it.each([
    ['risk = "high\n', "ungil.toml:1:13: not valid TOML: the string does not end on its line"],
    ['risk = "high"\nrisk = "low"', "ungil.toml:2:1: not valid TOML: this key or table was there before"],
    ["[fix]\n[fix]", "ungil.toml:2:2: not valid TOML: this key or table was there before"],
    ["a = [\n1 2]", "ungil.toml:2:3: not valid TOML: expected comma or end of structure"],
  ])("of syntax have a place too: %j", async (text, message) => {
    expect(await complaint(text)).toBe(message);
  });

  it("of encoding have one, too", async () => {
    const marked = Buffer.concat([Buffer.from("\ufeff# caf"), Buffer.from([0xe9, 0x0a])]);
    expect(await complaint(marked)).toBe("ungil.toml:1:6: not UTF-8");
    expect(await complaint(Buffer.from('target = "3.14"\r\n# caf\xe9 x', "latin1"))).toBe("ungil.toml:2:6: not UTF-8");
  });

  it("of a broken pyproject.toml count if it speaks of ungil", async () => {
    for (const table of [
      "[tool.ungil]",
      '[ tool . "ungil" ]',
      "[tool.ungil.fix]",
      "tool.ungil.risk = 1",
      "[tool]\nungil.risk = 1",
    ]) {
      expect(await complaint(`${table}\nselect = [`, "pyproject.toml")).toMatch(
        /^pyproject\.toml:\d:\d+: not valid TOML: /,
      );
    }
    expect(await complaint('[project]\nname = "ungil', "pyproject.toml")).toBe("");
    expect(await complaint(Buffer.from("# ungil \xe9\n[project]\n", "latin1"), "pyproject.toml")).toBe("");
    expect(await complaint("[tool]\nungil = 3", "pyproject.toml")).toBe(
      "pyproject.toml:2:1: the configuration must be a table, not 3",
    );
  });
});

describe("places in TOML", () => {
  it.each<[string, (string | number)[], number]>([
    ['a = """\nx = 1\n"""\nx = 2', ["x"], 4],
    ["a = '''\nx = 1'''\nx = 2", ["x"], 3],
    ['a = "\\"x"\nx = 2', ["x"], 2],
    ['a = """x""""\nx = 2', ["x"], 2],
    ["a.b.c = 1", ["a", "b", "c"], 1],
    ["[a]\nb.c = 1\n['a'.\"b\".d]\ne = 1", ["a", "b", "d", "e"], 4],
    ["[[a]]\n[[a]]\n[a.b]\nc = 1", ["a", 1, "b", "c"], 4],
    ["[[a]]\n[[a.b]]\n[[a.b]]\nc = 1", ["a", 0, "b", 1, "c"], 4],
    ["a = [\n[1, 2],\n[3,\n4]]", ["a", 1, 1], 4],
    ["a = { b = 1, c = [{}, { d = 2 }] }\nd = 3", ["a", "c", 1, "d"], 1],
    ["a = [ # ]\n1, # 2\n3]\nb = 1", ["a", 1], 3],
    ["a = 1", ["a", "missing"], 1],
    ["\r\n\r\na = 1", ["a"], 3],
  ])("%j", (text, path, line) => {
    expect(text.slice(0, new TomlPlaces(text).offsetOf(path)).split("\n").length).toBe(line);
  });

  it("ends on any text", () => {
    for (const text of ["[", "[[", "a = [", 'a = "', "= = =", "a = {b", "]]]", "a.", '"', "\0"]) {
      expect(new TomlPlaces(text).offsetOf(["nothing"])).toBe(0);
    }
  });
});

describe("the oldest Python", () => {
  it.each<[string, number | undefined]>([
    [">=3.9", 9],
    [">=3.10,<4", 10],
    ["<4,>=3.8.1", 8],
    ["~=3.11", 11],
    ["^3.12", 12],
    [">3.8", 8],
    ["==3.13.*", 13],
    [">=2.7, !=3.0.*", 7],
    [">=3.6", 7],
    ["<4", undefined],
    ["", undefined],
  ])("of %j", (specifier, minor) => {
    expect(lowestMinor(specifier)).toBe(minor);
  });

  it.each<[Record<string, string>, [number, string, number] | undefined]>([
    [{ "pyproject.toml": '[project]\nrequires-python = ">=3.10"' }, [10, "pyproject.toml", 2]],
    [{ "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"' }, [11, "pyproject.toml", 2]],
    [
      { "pyproject.toml": '[project]\nname = "x"', "setup.cfg": "[options]\npython_requires = >=3.12" },
      [12, "setup.cfg", 2],
    ],
    [{ "setup.py": 'setup(\n  # python_requires=">=3.7",\n  python_requires=">=3.8",\n)' }, [8, "setup.py", 3]],
    [{ "setup.py": 'setup(**{"python_requires": ">=3.8"})' }, [8, "setup.py", 1]],
    [{ "setup.py": "setup(python_requires=minimum())" }, undefined],
    [{ "pyproject.toml": "not [ toml python" }, undefined],
  ])("from %j", (files, expected) => {
    const stated = statedMinPython(join(tree({ ...files, "src/x.c": "" }), "src"));
    expect(stated && [stated.minor, basename(stated.file), stated.line]).toEqual(expected);
  });

  it("is what the user says, then the configuration, then the packaging, then assumed", async () => {
    const settled = async (files: Record<string, string>, minPython?: number) => {
      const { options } = await configure({ cwd: tree(files), minPython }, registry);
      return [options.minPython, options.minPythonKnown];
    };
    const project = { "pyproject.toml": '[project]\nrequires-python = ">=3.10"' };
    const both = { ...project, "ungil.toml": 'min-python = "3.11"' };
    expect(await settled(both, 12)).toEqual([12, true]);
    expect(await settled(both)).toEqual([11, true]);
    expect(await settled(project)).toEqual([10, true]);
    expect(await settled({})).toEqual([9, false]);
  });

  it("is never newer than the target, unless both are given", async () => {
    const target = async (text: string, given: Given = {}) =>
      (await configure({ cwd: tree({ "ungil.toml": text }), ...given }, registry)).options.target;
    expect(await target('min-python = "3.14"')).toBe(14);
    expect(await target('min-python = "3.12"')).toBe(13);
    expect(await target("", { minPython: 15 })).toBe(15);
    expect(await target('target = "3.13"', { minPython: 15 })).toBe(13);
  });
});

describe("the schema", () => {
  const validate = new Ajv({ strict: true, allErrors: true }).compile(configSchema());

  it("accepts its own examples and defaults, all keys at once", () => {
    const { properties } = configSchema();
    const examples = Object.fromEntries(Object.entries(properties).map(([key, p]) => [key, p.examples?.[0]]));
    expect(Object.values(examples).every((e) => e !== undefined)).toBe(true);
    expect(validate(examples), JSON.stringify(validate.errors)).toBe(true);
    const defaults = Object.entries(properties).filter(([, p]) => p.default !== undefined);
    expect(validate(Object.fromEntries(defaults.map(([key, p]) => [key, p.default])))).toBe(true);
  });

  it.each([{ unknown: 1 }, { target: "3.12" }, { "lock-functions": [{ lock: "a" }] }, { select: "x" }, []])(
    "rejects %j",
    (values) => {
      expect(validate(values)).toBe(false);
    },
  );

  it("is in the package", () => {
    const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"));
    expect(exports["./schema/ungil-config-1.schema.json"]).toBe(
      "./dist/src/audit/config/schema/ungil-config-1.schema.json",
    );
  });
});
