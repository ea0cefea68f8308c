import { describe, expect, it } from "vitest";
import legacy from "../../../../rules/memory/legacy-allocator.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { type FixTextOptions, fixTexts } from "../../../fixes/fix-text.ts";

/** A rule that replaces an old name and claims to need APIs; one function a round. */
function needing(...needs: string[]): AnyRule {
  return {
    ...(legacy as AnyRule),
    fix: ({ file, start, end, symbol }) => {
      const text = symbol === "PyMem_NEW" ? "PyMem_New" : "PyMem_Free";
      return [{ level: "safe", title: "replace it", edits: [{ file, start, end, text }], needs, review: [] }];
    },
  };
}

const USE = `
void
release(char *p)
{
    PyMem_DEL(p);
}
`;

const LIST_REF = `#if PY_VERSION_HEX < 0x030D0000 && !defined(PyList_GetItemRef)
static inline PyObject *
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    item = PyList_GetItem(list, index);
    Py_XINCREF(item);
    return item;
}
#define PyList_GetItemRef PyList_GetItemRef
#endif
`;
const BLOCK = `/* Newer Python API, for the Pythons that lack it. */
${LIST_REF}/* End of newer Python API. */
`;

async function fixed(text: string, options: FixTextOptions = {}, needs = ["PyList_GetItemRef"]) {
  const result = await fixTexts({ "m.c": text }, { rules: [needing(...needs)], minPython: 9, ...options });
  return result.texts["m.c"];
}

function withUse(before: string, inserted: string, rest = USE) {
  return `${before}${inserted}${rest.replace("PyMem_DEL", "PyMem_Free")}`;
}

describe("planCompat", () => {
  it("puts one block after the includes", async () => {
    const head = "/* A module. */\n#include <Python.h>\n#include <string.h>\n";
    expect(await fixed(head + USE)).toBe(withUse(head, `\n${BLOCK}`));
  });

  it("adds nothing that the oldest Python has", async () => {
    const head = "#include <Python.h>\n";
    expect(await fixed(head + USE, { minPython: 13 })).toBe(withUse(head, ""));
  });

  it("passes over conditional includes, but not over Python.h", async () => {
    const conditional = "#include <Python.h>\n#ifdef HAVE_X\n#include <x.h>\n#endif\n";
    const [python, rest] = [conditional.slice(0, 20), conditional.slice(20)];
    expect(await fixed(conditional + USE)).toBe(withUse(python, `\n${BLOCK}\n`, rest + USE));
    const late = "#include <string.h>\n#ifdef X\n#include <Python.h>\n#else\n#include <Python.h>\n#endif\n";
    expect(await fixed(late + USE)).toBe(withUse(late, `\n${BLOCK}`));
  });

  it("sets the block off by as many blank lines as the file does", async () => {
    const head = "#include <Python.h>\n";
    expect(await fixed(`${head}\n\n${USE.trimStart()}`)).toBe(withUse(head, `\n\n${BLOCK}`, `\n\n${USE.trimStart()}`));
    expect(await fixed(head + USE.trimStart())).toBe(withUse(head, `\n${BLOCK}\n`, USE.trimStart()));
  });

  it("looks through an include guard", async () => {
    const head = "#ifndef M_H\n#define M_H\n#include <Python.h>\n";
    const result = await fixTexts(
      { "m.h": `${head}${USE}#endif\n`, "n.h": `${head}${USE}#endif /* M_H */\n// End:\n` },
      { rules: [needing("PyList_GetItemRef")], minPython: 9 },
    );
    expect(result.texts["m.h"]).toBe(withUse(head, `\n${BLOCK}`, `${USE}#endif\n`));
    expect(result.texts["n.h"]).toBe(withUse(head, `\n${BLOCK}`, `${USE}#endif /* M_H */\n// End:\n`));
  });

  it("does not take an include in a table for the last one", async () => {
    const head = "#include <Python.h>\n";
    const table = '\nstatic int rows[] = {\n#include "rows.inc"\n};\n';
    expect(await fixed(head + table + USE)).toBe(withUse(head, `\n${BLOCK}`, table + USE));
  });

  it("begins after the comment of a file that includes nothing", async () => {
    const head = "/* Included by m.c. */\n";
    expect(await fixed(head + USE)).toBe(withUse(head, `\n${BLOCK}`));
  });

  it("extends the block in later rounds", async () => {
    const head = "#include <Python.h>\n";
    const once = await fixed(head + USE);
    const text = `${once}${USE.replace("release", "another")}`;
    const twice = await fixed(text, {}, ["PyList_GetItemRef", "Py_NewRef"]);
    expect(twice.split("/* End of newer Python API. */")).toHaveLength(2);
    expect(twice.split("PyList_GetItemRef PyList_GetItemRef")).toHaveLength(2);
    expect(twice).toContain("#define Py_NewRef Py_NewRef\n#endif\n/* End of newer Python API. */\n");
  });

  it("leaves alone what the project defines itself, in dead code or in a header", async () => {
    const own =
      "#if PY_VERSION_HEX < 0x030D0000\nstatic PyObject *PyList_GetItemRef(PyObject *l, Py_ssize_t i)\n{\n    return NULL;\n}\n#endif\n";
    const head = "#include <Python.h>\n";
    expect(await fixed(head + own + USE)).toBe(withUse(head, own));
    const text = `${head}#include "own.h"\n${USE}`;
    const result = await fixTexts(
      { "m.c": text, "own.h": own },
      { rules: [needing("PyList_GetItemRef")], minPython: 9 },
    );
    expect(result.texts["m.c"]).toBe(text.replace("PyMem_DEL", "PyMem_Free"));
  });

  it("is silent to the audit", async () => {
    const all = [
      "PyDict_GetItemRef",
      "PyWeakref_GetRef",
      "PyUnstable_Object_IsUniquelyReferenced",
      "PySys_GetAttrString",
    ];
    const text = await fixed(`#include <Python.h>\n${USE}`, {}, all);
    const result = await fixTexts({ "m.c": text });
    expect(result.findings.map((f) => f.rule)).toEqual([]);
  });

  it("leaves alone what every including file has defined in front", async () => {
    const own = "static PyObject *PyList_GetItemRef(PyObject *l, Py_ssize_t i)\n{\n    return NULL;\n}\n";
    const include = '#include "part.c"\n';
    const run = (files: Record<string, string>) =>
      fixTexts({ "part.c": USE, ...files }, { rules: [needing("PyList_GetItemRef")], minPython: 9 });
    const { texts } = await run({ "m.c": `#include <Python.h>\n${own}${include}` });
    expect(texts["part.c"]).toBe(USE.replace("PyMem_DEL", "PyMem_Free"));
    const reason = "which includes part.c, has a definition of its own";
    const late = await run({ "m.c": `#include <Python.h>\n${include}${own}` });
    expect(late.left[0].reason).toContain(`m.c, ${reason}`);
    const some = await run({
      "m.c": `#include <Python.h>\n${own}${include}`,
      "n.c": `#include <Python.h>\n${include}`,
    });
    expect(some.left[0].reason).toContain(`m.c, ${reason}`);
  });

  it("refuses when nothing may be added, and when there is nothing to add", async () => {
    const text = `#include <Python.h>\n${USE}`;
    const none = await fixTexts({ "m.c": text }, { rules: [needing("PyMutex_Lock")], minPython: 9, compat: "none" });
    expect(none.files).toEqual([]);
    expect(none.left[0].reason).toContain("`PyMutex_Lock` exists since 3.13, the project supports 3.9");
    const unknown = await fixTexts({ "m.c": text }, { rules: [needing("PyType_GetModuleByToken")], minPython: 9 });
    expect(unknown.left[0].reason).toContain("there is no definition");
  });

  it("keeps tabs", async () => {
    const tabs = USE.replace("    ", "\t");
    expect(await fixed(`#include <Python.h>\n${tabs}`)).toContain("\n\titem = PyList_GetItem(list, index);\n");
  });

  it("covers Python 2 in files that know of it", async () => {
    const head = "#include <Python.h>\n#if PY_MAJOR_VERSION < 3\n#define OLD\n#endif\n";
    const text = await fixed(head + USE, {}, ["PyDict_GetItemRef"]);
    expect(text).toContain("#else\n    PyObject *item = _PyDict_GetItemWithError(dict, key);\n#endif\n");
    expect(await fixed(`#include <Python.h>\n${USE}`, {}, ["PyDict_GetItemRef"])).not.toContain(
      "_PyDict_GetItemWithError",
    );
  });

  it("covers the limited API if the project uses it", async () => {
    const head = "#define Py_LIMITED_API 0x03090000\n#include <Python.h>\n";
    expect(await fixed(head + USE)).toContain(
      "#if (PY_VERSION_HEX < 0x030D0000 || (defined(Py_LIMITED_API) && Py_LIMITED_API + 0 < 0x030D0000)) && ",
    );
  });
});

describe("a header for the definitions", () => {
  const text = `#include <Python.h>\n${USE}`;
  const options = { rules: [needing("PyList_GetItemRef")], minPython: 9, compatHeader: "src/py-compat.h" };

  it("is made and included by its relative path", async () => {
    const { texts } = await fixTexts({ "src/a/m.c": text }, options);
    expect(texts["src/a/m.c"]).toBe(withUse('#include <Python.h>\n#include "../py-compat.h"\n', ""));
    expect(texts["src/py-compat.h"]).toBe(
      `#ifndef PY_COMPAT_H\n#define PY_COMPAT_H\n\n#include <Python.h>\n\n${BLOCK}\n#endif /* PY_COMPAT_H */\n`,
    );
  });

  it("is extended if it is there", async () => {
    const first = await fixTexts({ "src/m.c": text }, options);
    const files = { ...first.texts, "src/n.c": text };
    const { texts } = await fixTexts(files, { ...options, rules: [needing("Py_XNewRef", "PyList_GetItemRef")] });
    expect(texts["src/py-compat.h"].match(/#define \w+ \w+\n/g)).toHaveLength(2);
    expect(texts["src/n.c"]).toContain('#include <Python.h>\n#include "py-compat.h"\n');
    expect(texts["src/m.c"]).toBe(first.texts["src/m.c"]);
  });
});

describe("pythoncapi_compat.h", () => {
  const own = "static inline PyObject *PyList_GetItemRef(PyObject *l, Py_ssize_t i)\n{\n    return NULL;\n}\n";
  const rules = [needing("PyList_GetItemRef")];
  const text = `#include <Python.h>\n${USE}`;

  it("is included from where it lies if other files use it", async () => {
    const files = { "include/pythoncapi_compat.h": own, "o.c": '#include "include/pythoncapi_compat.h"\n' };
    const { texts } = await fixTexts({ "src/m.c": text, ...files }, { rules, minPython: 9 });
    expect(texts["src/m.c"]).toBe(withUse('#include <Python.h>\n#include "../include/pythoncapi_compat.h"\n', ""));
  });

  it("is included as other files do", async () => {
    const other = '#include <Python.h>\n#include "vendor/pythoncapi_compat.h"\n';
    const { texts } = await fixTexts({ "src/m.c": text, "src/o.c": other }, { rules, minPython: 9 });
    expect(texts["src/m.c"]).toBe(withUse('#include <Python.h>\n#include "vendor/pythoncapi_compat.h"\n', ""));
  });

  it("is not included twice", async () => {
    const files = {
      "m.c": `#include <Python.h>\n#include "all.h"\n${USE}`,
      "all.h": '#include "pythoncapi_compat.h"\n',
    };
    const { texts } = await fixTexts({ ...files, "pythoncapi_compat.h": own }, { rules, minPython: 9 });
    expect(texts["m.c"]).toBe(files["m.c"].replace("PyMem_DEL", "PyMem_Free"));
  });

  it("is there for a source that another one includes, through a header that both have", async () => {
    const files = {
      "part.c": `#include "all.h"\n${USE}`,
      "m.c": '#include <Python.h>\n#include "all.h"\n#include "part.c"\n',
      "all.h": '#include "pythoncapi_compat.h"\n',
    };
    const { texts, left } = await fixTexts({ ...files, "pythoncapi_compat.h": own }, { rules, minPython: 9 });
    expect(left).toEqual([]);
    expect(texts["part.c"]).toBe(files["part.c"].replace("PyMem_DEL", "PyMem_Free"));
  });

  it("is not included by headers, which other projects may read", async () => {
    const files = { "m.h": text, "o.c": '#include "pythoncapi_compat.h"\n' };
    const { texts } = await fixTexts(files, { rules, minPython: 9 });
    expect(texts["m.h"]).toContain(BLOCK);
    const { left } = await fixTexts(files, { rules, minPython: 9, compat: "pythoncapi-compat" });
    expect(left[0].reason).toContain("other projects may include m.h");
  });

  it("does not meet other definitions in files that get a header with a block", async () => {
    const files = { "m.h": text, "o.c": '#include "m.h"\n', "p.c": '#include "pythoncapi_compat.h"\n' };
    const { left } = await fixTexts(files, { rules, minPython: 9 });
    expect(left[0].reason).toContain("other projects may include m.h");
    const inline = { ...files, "o.c": '#include "m.h"\n#include "pythoncapi_compat.h"\n' };
    const refused = await fixTexts(inline, { rules, minPython: 9, compat: "inline" });
    expect(refused.left[0].reason).toContain("o.c, which includes m.h");
  });

  it("leaves to the block what an old copy lacks", async () => {
    const files = { "m.c": text, "o.c": '#include "pythoncapi_compat.h"\n', "pythoncapi_compat.h": "static int x;\n" };
    const { texts } = await fixTexts(files, { rules, minPython: 9 });
    expect(texts["m.c"]).toContain(BLOCK);
  });
});
