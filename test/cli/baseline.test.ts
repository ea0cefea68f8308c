import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, it } from "vitest";
import { tree, ungil } from "./ungil.ts";

const HEAD = `#include <Python.h>
static PyObject *names;
PyObject *set_names(PyObject *self, PyObject *value) { Py_XSETREF(names, Py_NewRef(value)); return names; }
`;
const use = (name: string, index: number) =>
  `PyObject *${name}(void) { return PyObject_Str(PyList_GetItem(names, ${index})); }\n`;
const ONLY = ["--select", "borrowed-list-item", "--no-cache"];
const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../src/report/schema/ungil-report-1.schema.json"), "utf8"),
);
const validate = new Ajv({ strict: true }).compile(schema);

let folder: string;
const path = () => join(folder, ".ungil/baseline.json");
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const scan = (...args: string[]) => ungil(["scan", ...ONLY, ...args], folder);
const baseline = (...args: string[]) => ungil(["baseline", ...args, ...ONLY], folder);
function report(...args: string[]) {
  const run = scan("--format", "json", ...args);
  const json = JSON.parse(run.stdout);
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  return { code: run.code, summary: json.summary, found: json.findings.map((f: { function: string }) => f.function) };
}
const entries = () =>
  readFileSync(path(), "utf8")
    .split("\n")
    .slice(2, -3)
    .map((line) => JSON.parse(line.replace(/,$/, "")));

describe("a baseline", () => {
  beforeEach(() => {
    folder = tree({
      "setup.cfg": "",
      "a/one.c": HEAD + use("one", 0),
      "b/two.c": HEAD + use("two", 1) + use("three", 2),
    });
    const made = baseline("create");
    expect(made.stdout).toBe(
      ".ungil/baseline.json: 3 findings recorded. Commit it; `ungil` shows what is new from now on.\n",
    );
    expect(made.code).toBe(0);
  });

  it("is made once, for people and git", () => {
    const again = baseline("create");
    expect([again.code, again.stderr]).toEqual([
      2,
      "ungil: there is a baseline already: .ungil/baseline.json\n`ungil baseline update` brings it up to date.\n",
    ]);
    expect(entries().map((e) => [e.file, e.function, e.rule, e.symbol, e.risk])).toEqual([
      ["a/one.c", "one", "borrowed-list-item", "PyList_GetItem", "high"],
      ["b/two.c", "three", "borrowed-list-item", "PyList_GetItem", "high"],
      ["b/two.c", "two", "borrowed-list-item", "PyList_GetItem", "high"],
    ]);
    expect(readFileSync(join(folder, ".ungil/.gitignore"), "utf8")).toContain("!baseline.json");
    expect(readFileSync(join(folder, ".ungil/.gitattributes"), "utf8")).toContain("baseline.json merge=union");
  });

  it("leaves what is new, from wherever and however the files are named", () => {
    write("a/new.c", HEAD + use("fresh", 0));
    for (const args of [[], ["."], ["a", "b"], [folder], ["./a/", "b/two.c"]]) {
      const { code, found, summary } = report(...args);
      expect([code, found, summary.baseline.known, summary.rules]).toEqual([
        1,
        ["fresh"],
        3,
        { "borrowed-list-item": 1 },
      ]);
    }
    const below = ungil(["scan", ...ONLY], join(folder, "b"));
    expect(below.code).toBe(0);
    expect(below.stdout).toContain("No new findings in 1 file, 3 functions.\n2 known: in ../.ungil/baseline.json.\n");
    expect(report("--no-baseline").found).toHaveLength(4);
    expect(report("--fail-on", "none").code).toBe(0);
    const sarif = JSON.parse(scan("--format", "sarif").stdout);
    expect(sarif.runs[0].results).toHaveLength(1);
  });

  it("knows findings whose code was laid out anew, moved inside its file or to another one", () => {
    write("b/two.c", `${HEAD}/* moved */ ${use("three", 2)}${use("two", 1).replaceAll(/([({,])/g, "$1\n\t")}`);
    renameSync(join(folder, "a"), join(folder, "c"));
    expect(report()).toMatchObject({ code: 0, found: [], summary: { baseline: { known: 3, gone: 0 } } });
    expect(baseline("update").stdout).toBe(".ungil/baseline.json: 1 in another file now. It has 3 findings.\n");
    expect(entries()[2].file).toBe("c/one.c");
  });

  it("is checked: what is new fails, what is gone does with --strict", () => {
    write("b/two.c", HEAD + use("two", 1));
    const check = baseline("check");
    expect(check.code).toBe(0);
    expect(check.stdout).toContain("1 entry of it is gone: run `ungil baseline update`.");
    expect(baseline("check", "--strict").code).toBe(1);
    write("a/one.c", HEAD + use("one", 0) + use("fresh", 0));
    expect(baseline("check").code).toBe(1);
    expect(JSON.parse(baseline("check", "--format", "json").stdout).findings).toHaveLength(1);
    expect(baseline("check", "--fail-on", "none").code).toBe(0);
    expect(baseline("update", "--prune").stdout).toBe(
      ".ungil/baseline.json: 1 gone. It has 2 findings.\n1 new finding not added (--prune).\n",
    );
    expect(baseline("update").stdout).toBe(".ungil/baseline.json: 1 added. It has 3 findings.\n");
    expect(baseline("update").stdout).toBe(".ungil/baseline.json: nothing to change. It has 3 findings.\n");
    expect(baseline("check", "--strict").code).toBe(0);
  });

  it("keeps what an audit of a part does not look at", () => {
    for (const file of ["a/one.c", "b/two.c"]) write(file, HEAD);
    const whole = readFileSync(path(), "utf8");
    expect(report("a").summary.baseline.gone).toBe(1);
    const other = ["--select", "globals", "--no-cache"];
    expect(JSON.parse(ungil(["scan", "--format", "json", ...other], folder).stdout).summary.baseline.gone).toBe(0);
    expect(ungil(["baseline", "update", "--prune", ...other], folder).stdout).toContain(
      "nothing to change. It has 3 findings.\n3 entries kept: this audit did not look there.\n",
    );
    expect(report("--exclude", "b/**").summary.baseline.gone).toBe(1);
    expect(readFileSync(path(), "utf8")).toBe(whole);
    expect(baseline("update", "a").stdout).toContain("1 gone. It has 2 findings.\n2 entries kept");
    expect(entries().map((e) => e.file)).toEqual(["b/two.c", "b/two.c"]);
    rmSync(join(folder, "b"), { recursive: true });
    expect(report("a").summary.baseline.gone).toBe(0);
    expect(report().summary.baseline.gone).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)("keeps entries of files that cannot be read (skipped as root)", () => {
    chmodSync(join(folder, "a/one.c"), 0);
    expect(report().summary.baseline.gone).toBe(0);
  });

  it("keeps entries of files that are binary for now", () => {
    writeFileSync(join(folder, "a/one.c"), Buffer.alloc(400));
    expect(report().summary.baseline.gone).toBe(0);
    expect(baseline("update").stdout).toContain("1 entry kept");
  });

  it("takes out entries of rules that are no more", () => {
    writeFileSync(path(), readFileSync(path(), "utf8").replaceAll("borrowed-list-item", "old-rule"));
    expect(report().summary.baseline).toMatchObject({ known: 3, gone: 0 });
    for (const file of ["a/one.c", "b/two.c"]) write(file, HEAD);
    expect(report().summary.baseline.gone).toBe(3);
  });

  it("says what got worse, and takes the new risk with the next update", () => {
    writeFileSync(path(), readFileSync(path(), "utf8").replace('"risk":"high"', '"risk":"low"'));
    const { code, stdout } = scan();
    expect(code).toBe(0);
    expect(stdout).toContain("1 of them is worse than when recorded.");
    expect(baseline("update").stdout).toContain("1 with another risk now");
    expect(report().summary.baseline.worse).toBe(0);
  });

  it("tells nothing of what is gone for another Python", () => {
    for (const file of ["a/one.c", "b/two.c"]) write(file, HEAD);
    expect(report("--target", "3.14").summary.baseline).toMatchObject({ target: "3.13", gone: null });
    expect(scan("--target", "3.14").stdout).toContain("The baseline was made for Python 3.13");
    expect(baseline("update", "--target", "3.14").stdout).toContain("It was for Python 3.13 and is for 3.14 now.");
  });

  it("knows each of equal findings once", () => {
    const twice = "Py_XDECREF(PyObject_Str(PyList_GetItem(names, 0)));\n";
    write("a/one.c", `${HEAD}void f(void) {\n${twice}${twice}}\n`);
    expect(baseline("update").code).toBe(0);
    write("a/one.c", `${HEAD}void f(void) {\n${twice}${twice}${twice}}\n`);
    expect(report().found).toEqual(["f"]);
    write("a/one.c", `${HEAD}void f(void) {\n${twice}}\n`);
    expect(report()).toMatchObject({ found: [], summary: { baseline: { gone: 1 } } });
  });

  it("has neither what comments suppress nor what the triage file dismisses", () => {
    const [{ fingerprint }] = entries();
    write(".ungil/triage.json", `[\n{"fingerprint":"${fingerprint}","state":"false-positive"},\n{}\n]\n`);
    const text = readFileSync(join(folder, "b/two.c"), "utf8").replace(
      use("two", 1),
      `/* ungil: ignore[borrowed] fine */\n${use("two", 1)}`,
    );
    write("b/two.c", text);
    expect(report()).toMatchObject({ summary: { suppressed: 2, baseline: { known: 1, gone: 2 } } });
    expect(baseline("update").stdout).toContain("2 gone. It has 1 finding.");
  });

  it("stands where the configuration or the option says", () => {
    mkdirSync(join(folder, "ci"));
    renameSync(path(), join(folder, "ci/known.json"));
    expect(report()).toMatchObject({ code: 1, summary: { baseline: null } });
    expect(report("--baseline", "ci/known.json").found).toEqual([]);
    write("ungil.toml", 'baseline = "ci/known.json"\n');
    expect(report().summary.baseline).toMatchObject({ file: "ci/known.json", known: 3 });
    expect(ungil(["scan", ...ONLY], join(folder, "a")).stdout).toContain("1 known: in ../ci/known.json.");
    expect(scan("--baseline", "none.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("there is no baseline none.json"),
    });
    rmSync(join(folder, "ci/known.json"));
    expect(report()).toMatchObject({ code: 1, summary: { baseline: null } });
    expect(baseline("check")).toMatchObject({
      code: 2,
      stderr: "ungil: there is no baseline yet: ci/known.json\n`ungil baseline create` makes one.\n",
    });
  });

  it("is refused with file and line when it is broken", () => {
    writeFileSync(path(), readFileSync(path(), "utf8").replace("\n{}", "\n<<<<<<< HEAD\n{}"));
    const { code, stderr } = scan();
    expect(code).toBe(2);
    expect(stderr).toBe(
      "ungil: .ungil/baseline.json:6: a merge conflict is not resolved: keep the lines of both sides\n" +
        "Repair the line, or take it out; git has older versions of the file.\n",
    );
    expect(scan("--no-baseline").code).toBe(1);
    writeFileSync(path(), Buffer.from([0x5b, 0xff, 0xfe]));
    expect(scan().stderr).toContain(".ungil/baseline.json: not UTF-8");
    rmSync(path());
    mkdirSync(path());
    expect(scan().stderr).toContain("cannot read the baseline .ungil/baseline.json (EISDIR)");
  });

  it("does not hide anything from fix", () => {
    const { stdout } = ungil(["fix", "--dry-run", "--level", "review", "--format", "json", ...ONLY], folder);
    expect(JSON.parse(stdout).applied).toHaveLength(3);
  });

  it("says so when git would not take it", () => {
    if (spawnSync("git", ["init", "-q"], { cwd: folder }).status !== 0) return;
    rmSync(join(folder, ".ungil"), { recursive: true });
    write(".gitignore", ".ungil/\n");
    expect(baseline("create").stderr).toContain("git ignores .ungil/baseline.json");
  });
});
