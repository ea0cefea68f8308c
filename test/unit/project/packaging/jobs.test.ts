import { describe, expect, it } from "vitest";
import { at, packagingOf } from "./packaging-tree.ts";

const free = (files: Record<string, string>) =>
  packagingOf(files)
    .jobs.filter((j) => j.freeThreaded.length > 0)
    .map((j) => `${j.system} ${j.name} ${at(j.freeThreaded[0])}${j.tests.length > 0 ? " tests" : ""}`);

const GITHUB = ".github/workflows/ci.yml";
const github = (...lines: string[]) => ({ [GITHUB]: ["jobs:", "  t:", ...lines.map((l) => `    ${l}`)].join("\n") });
const TESTS = "steps: [{ run: pytest }]";

describe("free-threaded interpreters on GitHub", () => {
  it.each([
    "python-version: 3.13t",
    'python-version: "3.14t-dev"',
    "python-version: 3.15.0rc1t",
    "python: python3.14t",
    "tox: py314t-test",
    "architecture: x64-freethreaded",
    "image: ghcr.io/someone/python:3.14t",
    "freethreaded: true",
    "nogil: true",
  ])("are chosen by %s", (value) => {
    expect(free(github(`with: { ${value} }`, TESTS))).toEqual([`GitHub Actions t ${GITHUB}:3 tests`]);
  });

  it.each([
    "with: { python-version: 3.14 }",
    "with: { freethreaded: false }",
    "with: { tag: 3.14test }",
    "env: { BUILD_FREETHREADED: 1 }",
    "if: matrix.python == '3.14t'",
    "name: Not yet on 3.14t",
    "strategy: { matrix: { exclude: [{ python: 3.14t }] } }",
    "# python-version: 3.14t",
  ])("are not chosen by %s", (line) => {
    expect(free(github(line, TESTS))).toEqual([]);
  });

  it("are passed to workflows and actions of the project, whose commands count", () => {
    const files = {
      [GITHUB]: "jobs:\n  call:\n    uses: ./.github/workflows/run.yml\n    with: { python: 3.14t }\n",
      ".github/workflows/run.yml": "jobs:\n  run:\n    steps:\n      - uses: ./.github/actions/check\n",
      ".github/actions/check/action.yml": "runs:\n  steps:\n    - run: bash ci/check.sh\n",
    };
    expect(free(files)).toEqual([`GitHub Actions call ${GITHUB}:4`]);
    const direct = { ...files, [GITHUB]: files[GITHUB].replace("workflows/run.yml", "actions/check") };
    expect(free({ ...direct, "ci/check.sh": "# pytest\ntox -e py\n" })).toEqual([
      `GitHub Actions call ${GITHUB}:4 tests`,
    ]);
  });

  it("come out of another job", () => {
    const text = [
      "jobs:",
      "  make:",
      "    steps: [{ with: { matrix: '- { python: 3.14t }' } }]",
      "  test:",
      "    strategy:",
      "      matrix: $" + "{{ fromJSON(needs.make.outputs.matrix) }}",
      "    steps: [{ run: python -m unittest }]",
    ].join("\n");
    expect(free({ [GITHUB]: text })).toContain(`GitHub Actions test ${GITHUB}:3 tests`);
  });
});

describe("other systems", () => {
  it.each([
    ["GitLab CI", ".gitlab-ci.yml", "free:\n  image: quay.io/x/python:3.14t\n  script:\n    - pytest\n", "free"],
    [
      "Azure Pipelines",
      "azure-pipelines.yml",
      "jobs:\n  - job: linux\n    variables: { python.version: 3.14t }\n    steps:\n      - script: tox\n",
      "linux",
    ],
    ["Azure Pipelines", "azure-pipelines.yml", "variables: { python.version: 3.14t }\nsteps:\n  - script: tox\n", ""],
    ["CircleCI", ".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run: uv run -p 3.14t pytest\n", ""],
    ["AppVeyor", "appveyor.yml", "environment:\n  PYTHON: python3.14t\ntest_script:\n  - script: pytest\n", ""],
    ["Cirrus CI", ".cirrus.yml", "task:\n  env: { PY: 3.14t }\n  script: pytest\n", ""],
  ])("%s", (system, file, text, name) => {
    const [first] = free({ [file]: text });
    expect(first).toMatch(new RegExp(`^${system} ${name} ?${file.replaceAll(".", "\\.")}:\\d tests$`));
  });

  it("a broken file is a problem, not a crash", () => {
    const packaging = packagingOf({ [GITHUB]: "jobs:\n  a: [1, 2\n b: 3\n", ".gitlab-ci.yml": "\0\0\0" });
    expect(packaging.problems.map((p) => `${p.file} ${p.kind}`).sort()).toEqual(
      [`${GITHUB} parse-error`, ".gitlab-ci.yml binary"].sort(),
    );
    expect(packaging.jobs).toEqual([]);
  });
});

describe("environments", () => {
  it("of tox, nox and hatch", () => {
    const packaging = packagingOf({
      "tox.ini": "[tox]\nenvlist = py313,py314t\n",
      "noxfile.py": '# "3.13t"\n@nox.session(python=["3.13", "3.14t"])\ndef tests(s): ...\n',
      "pyproject.toml":
        '[project]\nname = "x"\n[[tool.hatch.envs.test.matrix]]\npython = ["3.13", "3.14t"]\n[tool.other]\npython = "3.14t"\n',
    });
    expect(packaging.environments.map(at)).toEqual(["tox.ini:2", "pyproject.toml:4", "noxfile.py:2"]);
  });
});
