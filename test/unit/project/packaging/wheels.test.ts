import { describe, expect, it } from "vitest";
import { PYPROJECT, packagingOf, tagsOf } from "./packaging-tree.ts";

const WORKFLOW = ".github/workflows/wheels.yml";

/** A workflow with one job that runs cibuildwheel. */
function workflow(uses: string, extra: { env?: string[]; matrix?: string[]; with?: string[] } = {}): string {
  const block = (name: string, lines: string[] | undefined, indent: string) =>
    lines ? [`${indent}${name}:`, ...lines.map((l) => `${indent}  ${l}`)] : [];
  return [
    "jobs:",
    "  wheels:",
    ...(extra.matrix ? ["    strategy:", ...block("matrix", extra.matrix, "      ")] : []),
    "    steps:",
    `      - uses: ${uses}`,
    ...block("with", extra.with, "        "),
    ...block("env", extra.env, "        "),
  ].join("\n");
}

const build = (uses: string, extra = {}, files = {}) => packagingOf({ [WORKFLOW]: workflow(uses, extra), ...files });

describe("cibuildwheel", () => {
  it.each([
    // What a version builds unasked, and what it needs to be asked.
    ["pypa/cibuildwheel@v2.17.0", {}, []],
    ["pypa/cibuildwheel@v2.23.3", {}, []],
    ["pypa/cibuildwheel@v2.23.3", { env: ["CIBW_FREE_THREADED_SUPPORT: 1"] }, ["cp313t"]],
    ["pypa/cibuildwheel@v2.17.0", { env: ["CIBW_FREE_THREADED_SUPPORT: 1"] }, []],
    ["pypa/cibuildwheel@v3.0.1", { env: ["CIBW_ENABLE: cpython-freethreading pypy"] }, ["cp313t"]],
    ["pypa/cibuildwheel@v3.1.4", {}, ["cp314t"]],
    ["pypa/cibuildwheel@v3.1.4", { env: ["CIBW_ENABLE: cpython-freethreading"] }, ["cp313t", "cp314t"]],
    ["pypa/cibuildwheel@v4.2.0", { env: ["CIBW_ENABLE: cpython-freethreading"] }, ["cp314t"]],
    ["pypa/cibuildwheel@v3", {}, ["cp314t"]],
    // Selectors are patterns over identifiers.
    ["pypa/cibuildwheel@v3.1.4", { env: ['CIBW_BUILD: "cp39-* cp314-*"'] }, []],
    ["pypa/cibuildwheel@v3.1.4", { env: ['CIBW_BUILD: "cp{312,314t}-*"'] }, ["cp314t"]],
    ["pypa/cibuildwheel@v3.1.4", { env: ['CIBW_BUILD: "cp3*"'] }, ["cp314t"]],
    ["pypa/cibuildwheel@v3.1.4", { env: ['CIBW_SKIP: "cp31?t-*"'] }, []],
    ["pypa/cibuildwheel@v3.1.4", { env: ['CIBW_SKIP: "*-musllinux_* cp314t-win*"'] }, ["cp314t"]],
    ["pypa/cibuildwheel@v3.1.4", { with: ["only: cp314t-manylinux_x86_64"] }, ["cp314t"]],
    ["pypa/cibuildwheel@v3.1.4", { with: ["only: cp314-manylinux_x86_64"] }, []],
    // The matrix decides.
    [
      "pypa/cibuildwheel@v3.1.4",
      { matrix: ["py: [cp313, cp314t]"], env: ["CIBW_BUILD: $" + "{{ matrix.py }}-*"] },
      ["cp314t"],
    ],
    [
      "pypa/cibuildwheel@v3.1.4",
      { matrix: ["py: [[cp313, x], [cp314, y]]"], with: ["only: $" + "{{ matrix.py[0] }}-win_amd64"] },
      [],
    ],
    [
      "pypa/cibuildwheel@v3.1.4",
      { matrix: ["include:", "  - { py: 313 }", "  - { py: 314t }"], env: ["CIBW_BUILD: cp$" + "{{ matrix.py }}-*"] },
      ["cp314t"],
    ],
    ["pypa/cibuildwheel@v3.1.4", { env: ["CIBW_SKIP: $" + "{{ !inputs.all && '*-musllinux_*' || '' }}"] }, ["cp314t"]],
    [
      "pypa/cibuildwheel@v3.1.4",
      { env: ["CIBW_BUILD: $" + "{{ inputs.py && format('{0}-*', inputs.py) || null }}"] },
      ["cp314t"],
    ],
    // Too old for any, whatever is selected.
    ["pypa/cibuildwheel@v2.21.3", { env: ["CIBW_BUILD: $" + "{{ inputs.spec }}"] }, []],
  ])("%s with %j builds %j", (uses, extra, tags) => {
    const { wheels } = build(uses, extra);
    expect(wheels).toHaveLength(1);
    expect(wheels[0].doubt).toBe("");
    expect(wheels[0].tags.map((t) => t.tag)).toEqual(tags);
  });

  it("takes the version from the comment behind a hash, and says so where there is none", () => {
    const hash = "pypa/cibuildwheel@0123456789abcdef0123456789abcdef01234567";
    expect(build(`${hash} # v2.16.5`).wheels[0]).toMatchObject({ tags: [], doubt: "" });
    expect(tagsOf(build(`${hash} # v3.2.0`))).toEqual([`cp314t ${WORKFLOW}:4`]);
    expect(build(hash).wheels[0].doubt).toMatch(/cp314t .* pinned by a hash/);
  });

  it("reads the configuration, which the environment overrides", () => {
    const pyproject = `${PYPROJECT}[tool.cibuildwheel]\nbuild = ["cp313-*", "cp314t-*"]\ntest-command = "pytest"\n`;
    const files = { "pyproject.toml": pyproject };
    const { wheels } = build("pypa/cibuildwheel@v3.1.4", {}, files);
    expect(wheels[0].tags[0]).toMatchObject({ tag: "cp314t", place: { file: "pyproject.toml", line: 7 } });
    expect(wheels[0].test).toMatchObject({ file: "pyproject.toml", line: 8 });
    const own = build("pypa/cibuildwheel@v3.1.4", { env: ["CIBW_BUILD: cp313-*"] }, files);
    expect(own.wheels[0]).toMatchObject({ tags: [], against: { file: WORKFLOW, text: "CIBW_BUILD: cp313-*" } });
    expect(tagsOf(packagingOf(files))).toEqual(["cp314t pyproject.toml:7"]);
    const elsewhere = { ".cibuildwheel.toml": '[tool.cibuildwheel]\nskip = "cp31?t-*"\n' };
    expect(build("pypa/cibuildwheel@v3.1.4", {}, elsewhere).wheels[0].tags).toEqual([]);
  });

  it("keeps the steps of a job apart", () => {
    const text = [
      "jobs:",
      "  wheels:",
      "    steps:",
      "      - uses: pypa/cibuildwheel@v3.1.4",
      "        env: { CIBW_BUILD: cp313-* }",
      "      - uses: pypa/cibuildwheel@v3.1.4",
    ].join("\n");
    const { wheels } = packagingOf({ [WORKFLOW]: text });
    expect(wheels.map((w) => w.tags.map((t) => t.tag))).toEqual([[], ["cp314t"]]);
  });

  it("falls back on what the file names where the selection is computed", () => {
    const computed = workflow("pypa/cibuildwheel@v3.1.4", { env: ["CIBW_BUILD: $" + "{{ inputs.spec }}"] });
    expect(packagingOf({ [WORKFLOW]: computed }).wheels[0].doubt).toMatch(/computed/);
    const named = `${computed}\n  matrix:\n    steps:\n      - run: |\n          make cp313\n          make cp314t\n          # cp315t\n`;
    expect(tagsOf(packagingOf({ [WORKFLOW]: named }))).toEqual([expect.stringMatching(/^cp314t /)]);
  });

  it("sees runs by command, with the version that is installed", () => {
    const run = (lines: string[]) =>
      ["jobs:", "  w:", "    steps:", "      - run: |", ...lines.map((l) => `          ${l}`)].join("\n");
    const old = run(["pip install cibuildwheel==2.16", "python -m cibuildwheel"]);
    expect(packagingOf({ [WORKFLOW]: old }).wheels[0].tags).toEqual([]);
    const newest = run(['CIBW_SKIP="pp*" python -m cibuildwheel']);
    expect(tagsOf(packagingOf({ [WORKFLOW]: newest }))).toEqual([`cp314t ${WORKFLOW}:5`]);
  });
});

describe("other tools", () => {
  it("maturin builds for the interpreters that it is given", () => {
    const job = (args: string) =>
      packagingOf({
        [WORKFLOW]: `jobs:\n  w:\n    steps:\n      - uses: PyO3/maturin-action@v1\n        with:\n          args: ${args}\n`,
      });
    expect(tagsOf(job("--release -i 3.13 3.14t"))).toEqual([`cp314t ${WORKFLOW}:6`]);
    expect(job("--find-interpreter").wheels[0].doubt).toContain("--find-interpreter");
    expect(job("--release").wheels[0]).toMatchObject({ tags: [], doubt: "" });
  });

  it("a build counts if the job keeps the wheel", () => {
    const job = (last: string) =>
      packagingOf({
        [WORKFLOW]: [
          "jobs:",
          "  w:",
          "    strategy: { matrix: { python: [3.14t] } }",
          "    steps:",
          "      - run: python -m build --wheel",
          `      - ${last}`,
        ].join("\n"),
      });
    expect(tagsOf(job("uses: actions/upload-artifact@v7"))).toEqual([`cp314t ${WORKFLOW}:3`]);
    expect(job("run: pip install dist/*.whl").wheels).toEqual([]);
  });
});
