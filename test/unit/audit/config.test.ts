import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { configSchema } from "../../../src/audit/config/check.ts";
import { configure } from "../../../src/audit/config/configure.ts";
import { findConfig } from "../../../src/audit/config/load.ts";
import { lowestMinor, statedMinPython } from "../../../src/audit/config/min-python.ts";
import { UsageError } from "../../../src/audit/types.ts";
import { TomlPlaces } from "../../../src/text/toml-places.ts";
import { tree } from "./config-tree.ts";

/** The message for a folder with this `ungil.toml`. */
async function complaint(text: string, file = "ungil.toml"): Promise<string> {
  const cwd = tree({ [file]: text });
  try {
    await configure({ cwd }, registry);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return "";
}

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
    expect(await target(cwd, "a/b/c")).toBe("a/b/ungil.toml:1 3.15");
    expect(await target(cwd, "a")).toBe("a/pyproject.toml:1 3.14");
    expect(await target(cwd, ".")).toBe("ungil.toml:1 3.13");
  });

  it("prefers ungil.toml in one folder, and passes by a pyproject.toml without the table", async () => {
    const cwd = tree({
      "pyproject.toml": '[tool.ungil]\ntarget = "3.14"',
      "ungil.toml": 'target = "3.15"',
      "a/pyproject.toml": "[tool.ruff]\n# ungil\nline-length = 100",
      "b/pyproject.toml": "this is [ not TOML",
    });
    expect(await target(cwd, "a")).toBe("ungil.toml:1 3.15");
    expect(await target(cwd, "b")).toBe("ungil.toml:1 3.15");
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

  it("says which file is missing", async () => {
    await expect(configure({ cwd: tree({}), config: "my.toml" }, registry)).rejects.toThrow(
      "cannot read the configuration my.toml (ENOENT)",
    );
  });
});

describe("mistakes", () => {
  it("name file, line and the nearest known key", async () => {
    expect(await complaint('# first\ntarget = "3.14"\n\nlock-function = []\n')).toBe(
      "ungil.toml:4: unknown key `lock-function`; did you mean `lock-functions`?",
    );
    expect(await complaint('[project]\nname = "x"\n\n[tool.ungil]\nexlude = ["x"]\n', "pyproject.toml")).toBe(
      "pyproject.toml:5: unknown key `exlude`; did you mean `exclude`?",
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
        'ungil.toml:3: `borrowed-functions[1].kind` must be one of "list", "dict", "other"; did you mean "dict"?',
        "ungil.toml:8: `lock-functions[1]` lacks the key `unlock`",
        "ungil.toml:10: `lock-functions[1].argument` must be at least 0, not -1",
      ].join("\n"),
    );
  });

  it.each([
    ["target = 3.14", '1: `target` must be one of "3.13", "3.14", "3.15", as a string in quotes'],
    ['select = "borrowed"', '1: `select` must be a list, not "borrowed"'],
    ["select = [1]", "1: `select[0]` must be a string, not 1"],
    ['select = [\n  "borrowed",\n  "boxed",\n]', '3: unknown rule or family "boxed"'],
    ['not-thread-safe = ["H5()"]', '1: `not-thread-safe[0]` must be a name as in C, not "H5()"'],
    ['exclude = [""]', "1: `exclude[0]` must not be empty"],
    ["entry-points = [3]", "1: `entry-points[0]` must be a table, not 3"],
    ["risk = 2020-01-01", '1: `risk` must be one of "high", "medium", "low", "info", not a date'],
  ])("of values: %s", async (text, message) => {
    expect(await complaint(text)).toBe(`ungil.toml:${message}`);
  });

  it("of syntax have a line too", async () => {
    expect(await complaint('target = "3.14"\nselect = [')).toMatch(/^ungil\.toml:\d: not valid TOML: /);
    expect(await complaint("[tool.ungil]\nselect = [", "pyproject.toml")).toMatch(
      /^pyproject\.toml:\d: not valid TOML: /,
    );
    expect(await complaint("[tool]\nungil = 3", "pyproject.toml")).toBe(
      "pyproject.toml:2: the configuration must be a table, not 3",
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

  it.each<[Record<string, string>, number | undefined]>([
    [{ "pyproject.toml": '[project]\nrequires-python = ">=3.10"' }, 10],
    [{ "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"' }, 11],
    [{ "pyproject.toml": '[project]\nname = "x"', "setup.cfg": "[options]\npython_requires = >=3.12" }, 12],
    [{ "setup.py": 'setup(\n  # python_requires=">=3.7",\n  python_requires=">=3.8",\n)' }, 8],
    [{ "setup.py": 'setup(**{"python_requires": ">=3.8"})' }, 8],
    [{ "setup.py": "setup(python_requires=minimum())" }, undefined],
    [{ "pyproject.toml": "not [ toml python" }, undefined],
  ])("from %j", (files, minor) => {
    expect(statedMinPython(join(tree({ ...files, "src/x.c": "" }), "src"))).toBe(minor);
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
