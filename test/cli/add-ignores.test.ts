import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tree, ungil } from "./ungil.ts";

const HEAD = `#include <Python.h>
static PyObject *names;
PyObject *set_names(PyObject *self, PyObject *value) { Py_XSETREF(names, Py_NewRef(value)); return names; }
`;
const ITEM = "PyList_GetItem(names, 0)";
const ARGS = ["--select", "borrowed-list-item", "--no-cache"];
const add = (folder: string, ...more: string[]) =>
  ungil(["scan", "--add-ignores", "why not", ...ARGS, ...more], folder);
const left = (folder: string) => JSON.parse(ungil(["scan", "--format", "json", ...ARGS], folder).stdout);
const C = "/* ungil: ignore[borrowed-list-item] why not */";

/** What becomes of a file with one `ITEM`; everything must be suppressed, and undone byte for byte. */
function commented(code: string | Buffer, name = "m.c"): string {
  const folder = tree({ "setup.cfg": "", [name]: code });
  const before = readFileSync(join(folder, name));
  const run = add(folder);
  expect(run.stderr).toBe("");
  expect(run.stdout).toMatch(
    /^Suppressed \d+ findings? with \d+ comments? in 1 file\. `ungil undo` takes them back\.\n$/,
  );
  expect(run.code).toBe(0);
  const after = readFileSync(join(folder, name), "latin1");
  const { findings, skipped, summary } = left(folder);
  expect([findings, skipped]).toEqual([[], []]);
  expect(summary.suppressed).toBeGreaterThan(0);
  expect(ungil(["undo"], folder).code).toBe(0);
  expect(readFileSync(join(folder, name))).toEqual(before);
  return after.slice(HEAD.length);
}

describe("--add-ignores", () => {
  it.each<[string, string, string]>([
    ["above a statement", `void f(void)\n{\n\tg(${ITEM});\n}\n`, `void f(void)\n{\n\t${C}\n\tg(${ITEM});\n}\n`],
    [
      "above a statement of several lines",
      `void f(void)\n{\n    g(1,\n      ${ITEM});\n}\n`,
      `void f(void)\n{\n    ${C}\n    g(1,\n      ${ITEM});\n}\n`,
    ],
    [
      "above an else-if",
      `void f(void)\n{\n    if (a) {\n    } else if (g(${ITEM})) {\n    }\n}\n`,
      `void f(void)\n{\n    if (a) {\n    ${C}\n    } else if (g(${ITEM})) {\n    }\n}\n`,
    ],
    [
      "into a comment above",
      `void f(void)\n{\n    // ungil: ignore[static-type] old\n    g(${ITEM});\n}\n`,
      `void f(void)\n{\n    // ungil: ignore[static-type, borrowed-list-item] old; why not\n    g(${ITEM});\n}\n`,
    ],
    [
      "into a comment behind",
      `void f(void)\n{\n    g(${ITEM}); /* ungil: ignore[static-type] why not\n */\n}\n`,
      `void f(void)\n{\n    g(${ITEM}); /* ungil: ignore[static-type, borrowed-list-item] why not\n */\n}\n`,
    ],
    ["above a macro", `#define M(x) \\\n  do { \\\n    g(${ITEM}); \\\n  } while (0)\nvoid f(void) { M(1); }\n`, ""],
    [
      "where a comment begins lines before",
      `void f(void)\n{\n    /* long\n     */ g(${ITEM}); /* tail */ // more\n}\n`,
      `void f(void)\n{\n    /* long\n     */ g(${ITEM});  ${C} /* tail */ // more\n}\n`,
    ],
    [
      "where lines are joined",
      `void f(void)\n{\n    int a = 1; \\\n    g(${ITEM});\n}\n`,
      `void f(void)\n{\n    int a = 1; \\\n    g(${ITEM});  ${C}\n}\n`,
    ],
    [
      "once for all of a statement",
      `void f(void)\n{\n    g(${ITEM}, ${ITEM});\n}\n`,
      `void f(void)\n{\n    ${C}\n    g(${ITEM}, ${ITEM});\n}\n`,
    ],
  ])("writes the comment %s", (_, code, expected) => {
    const after = commented(HEAD + code);
    if (expected !== "") expect(after).toBe(expected);
  });

  it("keeps encoding and line ends", () => {
    const code = `${HEAD}/* caf\xe9 */\nvoid f(void)\n{\n    g(${ITEM});\n}\n`;
    const crlf = commented(Buffer.from(code.replaceAll("\n", "\r\n"), "latin1"));
    expect(crlf).toContain(`{\r\n    ${C}\r\n    g(`);
    expect(crlf.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(crlf).toContain("caf\xe9");
    expect(commented(`\ufeff${code}`)).toContain("caf\xc3\xa9");
  });

  it("writes for what the scan would report, and nothing else", () => {
    const file = (name: string) => `${HEAD}void ${name}(void)\n{\n    g(${ITEM});\n}\n`;
    const folder = tree({ "setup.cfg": "", "a.c": file("a"), "b.c": file("b") });
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(ungil(["scan", "--add-ignores", "x", "--select", "static-type", "--no-cache"], folder).stdout).toBe(
      "There is nothing to suppress.\n",
    );
    expect(ungil(["baseline", "create", "a.c", ...ARGS], folder).code).toBe(0);
    expect(add(folder).stdout).toContain("Suppressed 1 finding with 1 comment in 1 file.");
    expect([read("a.c"), read("b.c").includes(C)]).toEqual([file("a"), true]);
    expect(add(folder, "--no-baseline", "a.c").stdout).toContain("Suppressed 1 finding");
    expect(existsSync(join(folder, ".ungil/baseline.json"))).toBe(true);
  });

  it("prints a patch that git takes with --dry-run", () => {
    const text = `${HEAD}void f(void)\n{\n    g(${ITEM});\n}\n`;
    const folder = tree({ "setup.cfg": "", "m.c": text });
    const { code, stdout, stderr } = add(folder, "--dry-run");
    expect(code).toBe(1);
    expect(stderr).toBe("Would suppress 1 finding with 1 comment in 1 file.\n");
    expect(readFileSync(join(folder, "m.c"), "utf8")).toBe(text);
    expect(stdout).toContain(`\n+    ${C}\n`);
    const git = spawnSync("git", ["apply", "-"], { cwd: folder, input: stdout, encoding: "utf8" });
    if (git.error === undefined) expect(left(folder).findings).toEqual([]);
  });

  it("lists what it cannot suppress, and fails for it as a scan would", () => {
    const folder = tree({
      "setup.cfg": "",
      "latin.c": Buffer.from(`${HEAD}/* caf\xe9 */\nvoid f(void)\n{\n    g(${ITEM});\n}\n`, "latin1"),
      "one.c": `${HEAD}void f(void)\n{\n    g(${ITEM});\n}\n`,
    });
    const run = ungil(["scan", "--add-ignores", "\u540d", ...ARGS], folder);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("Suppressed 1 finding with 1 comment in 1 file.");
    expect(run.stdout).toContain(
      "Not suppressed: 1\n  latin.c:7: borrowed-list-item: the reason has characters that the encoding of the file lacks\n",
    );
    expect(ungil(["scan", "--add-ignores", "\u540d", "--fail-on", "none", ...ARGS], folder).code).toBe(0);
  });

  it("wants a reason, and goes with no format", () => {
    const folder = tree({ "setup.cfg": "", "m.c": HEAD });
    for (const reason of ["", " \n ", "\\"]) {
      const run = ungil(["scan", "--add-ignores", reason], folder);
      expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("--add-ignores needs a reason")]);
    }
    expect(ungil(["scan", "--add-ignores"], folder).code).toBe(2);
    expect(ungil(["scan", "--dry-run"], folder).stderr).toContain("--dry-run is for --add-ignores");
    expect(add(folder, "--format", "json").stderr).toContain("cannot be used with option '--format");
  });

  it("keeps a reason inside its comment", () => {
    const folder = tree({ "setup.cfg": "", "m.c": `${HEAD}void f(void)\n{\n    g(${ITEM});\n}\n` });
    const reason = "ends */ exit(1); /* here\n ungil: ignore[x] \u0007 \\";
    expect(ungil(["scan", "--add-ignores", reason, ...ARGS], folder).code).toBe(0);
    expect(readFileSync(join(folder, "m.c"), "utf8")).toContain(
      "    /* ungil: ignore[borrowed-list-item] ends * / exit(1); / * here ungil ignore[x] */\n",
    );
    expect(left(folder)).toMatchObject({ findings: [], skipped: [] });
  });

  it("suppresses everything in the demo, which then compiles as before", () => {
    const folder = tree({});
    const demo = join(import.meta.dirname, "../../samples/demo");
    mkdirSync(join(folder, "src"));
    const names = readdirSync(join(demo, "src"));
    for (const name of names) writeFileSync(join(folder, "src", name), readFileSync(join(demo, "src", name)));
    const run = ungil(["scan", "--add-ignores", "old", "--risk", "info", "--no-cache"], folder);
    expect(run.stdout).not.toContain("Not suppressed");
    const { findings, skipped } = JSON.parse(ungil(["scan", "--format", "json", "--no-cache"], folder).stdout);
    expect(findings).toEqual([]);
    expect(skipped.filter((s: { kind: string }) => s.kind === "suppression")).toEqual([]);
    // The preprocessor without line markers: what is left is what the compiler gets.
    const compiled = (text: string) => {
      const cc = spawnSync("cc", ["-E", "-P", "-w", "-"], {
        input: text.replace(/^\s*#\s*include.*$/gm, ""),
        encoding: "utf8",
      });
      return cc.error === undefined ? cc.stdout.replace(/\s+/g, " ") : undefined;
    };
    for (const name of names) {
      const [before, after] = [demo, folder].map((top) => readFileSync(join(top, "src", name), "utf8"));
      expect(compiled(after)).toBe(compiled(before));
    }
  });
});
