import { describe, expect, it } from "vitest";
import { at, packagingOf } from "./packaging-tree.ts";

describe("tests", () => {
  it("are counted, with those that start threads", () => {
    const { tests } = packagingOf({
      "tests/test_a.py": "import threading\n# threading.Thread(target=f)\n",
      "tests/test_b.py": "import threading\nthreading.Thread(target=f).start()\n",
      "lamp/tests/test_c.py": "with ThreadPoolExecutor(4) as pool: ...\n",
      "tests/data.py": "class Worker(threading.Thread): ...\n",
      "lamp/core.py": "threading.Thread(target=f)\n",
      "build/lib/test_d.py": "threading.Thread(target=f)\n",
    });
    expect(tests.files).toBe(4);
    expect(tests.threaded.map(at)).toEqual(["lamp/tests/test_c.py:1", "tests/data.py:1", "tests/test_b.py:2"]);
    expect(tests.plugins).toEqual([]);
  });

  it.each([
    ["requirements/test.txt", "pytest-run-parallel>=0.4"],
    ["tox.ini", "[testenv]\ncommands = pytest --parallel-threads=4"],
    [".github/workflows/ci.yml", "jobs:\n  a:\n    steps: [{ run: pip install pytest-freethreaded }]"],
    ["pyproject.toml", '[project]\nname = "x"\n[dependency-groups]\nt = ["unittest-ft"]'],
  ])("run in several threads by %s", (file, text) => {
    expect(packagingOf({ [file]: `${text}\n` }).tests.plugins).toMatchObject([{ file }]);
  });
});

describe("how tests are run", () => {
  it.each([
    [".github/workflows/ci.yml", "env:\n  PYTHON_GIL: 0"],
    [".github/workflows/ci.yml", 'env: { PYTHON_GIL: "0" }'],
    ["ci/run.sh", "PYTHON_GIL=0 pytest"],
    ["tox.ini", "[testenv]\nsetenv =\n    PYTHON_GIL = 0"],
    ["Makefile", "test:\n\tpython -X gil=0 -m pytest"],
    ["noxfile.py", 'session.run("pytest", env={"PYTHON_GIL": "0"})'],
  ])("with the GIL off in %s: %s", (file, text) => {
    expect(packagingOf({ [file]: `${text}\n` }).gilOff).toMatchObject([{ file }]);
  });

  it("not by a comment, and not with the GIL on", () => {
    expect(packagingOf({ "ci/run.sh": "# PYTHON_GIL=0\nPYTHON_GIL=1 pytest\n" }).gilOff).toEqual([]);
  });

  it("under Thread Sanitizer", () => {
    const files = { ".github/workflows/ci.yml": "jobs:\n  a:\n    env: { CFLAGS: -fsanitize=thread }\n" };
    expect(packagingOf(files).threadSanitizer.map(at)).toEqual([".github/workflows/ci.yml:3"]);
  });
});

describe("documentation and copies", () => {
  it("free threading comes before thread safety, lists of changes do not count", () => {
    const { documentation } = packagingOf({
      "README.md": "Lamps.\n\nThread-safe.\n",
      "docs/threads.rst": "Thread safety\n\nOn free-threaded builds\n",
      "docs/changelog.md": "Free-threaded wheels\n",
      "docs/quiet.rst": "Nothing.\n",
    });
    expect(documentation.map(at)).toEqual(["docs/threads.rst:3", "README.md:3"]);
  });

  it("an old pythoncapi_compat.h lacks names", () => {
    const { compatCopies } = packagingOf({
      "src/pythoncapi_compat.h": "PyDict_GetItemRef PyDict_GetItemStringRef PyImport_AddModuleRef PyWeakref_GetRef\n",
    });
    expect(compatCopies).toMatchObject([
      {
        file: "src/pythoncapi_compat.h",
        lacking: ["PyDict_SetDefaultRef", "PyList_GetItemRef", "Py_BEGIN_CRITICAL_SECTION"],
      },
    ]);
  });
});
