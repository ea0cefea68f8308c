/** Every name of the tables exists in CPython's own data, or is listed with the source that has it. */
import { describe, expect, it } from "vitest";
import { ALLOCATORS } from "../../../src/capi/allocators.ts";
import { BORROWED } from "../../../src/capi/borrowed.ts";
import { CALLBACK_TAKERS } from "../../../src/capi/callbacks.ts";
import { ACCESSORS } from "../../../src/capi/container-macros.ts";
import { REFCOUNTS } from "../../../src/capi/data/refcounts.generated.ts";
import { STABLE_ABI } from "../../../src/capi/data/stable-abi.generated.ts";
import { GIL_FUNCTIONS } from "../../../src/capi/gil-functions.ts";
import { LOCK_CALLS } from "../../../src/capi/locks.ts";
import { effectNames } from "../../../src/capi/may-run-python.ts";
import { MODULE_CALLS } from "../../../src/capi/modules.ts";
import { detachedNames } from "../../../src/capi/needs-thread-state.ts";
import { NO_RETURN } from "../../../src/capi/no-return.ts";
import { RESULTS } from "../../../src/capi/provenance.ts";
import { UNIQUENESS } from "../../../src/capi/refcount-uniqueness.ts";
import { REFCOUNTING } from "../../../src/capi/refcounting.ts";
import { IN_OUT, STEALING, STORING } from "../../../src/capi/stealing.ts";
import { THREAD_STATE_CALLS } from "../../../src/capi/thread-state.ts";
import { NOT_IN_DATA } from "./names-not-in-data.ts";

const inData = (name: string) => name in REFCOUNTS || name in STABLE_ABI;
const isApi = (name: string) => name.startsWith("Py") || name.startsWith("_Py");

const TABLES: Record<string, readonly string[]> = {
  borrowed: [...BORROWED.keys()],
  provenance: [...RESULTS.keys()],
  stealing: [...STEALING.keys(), ...IN_OUT.keys(), ...STORING.keys()],
  refcounting: [...REFCOUNTING.keys()],
  locks: [...LOCK_CALLS.keys()],
  "thread-state": [...THREAD_STATE_CALLS.keys()],
  "no-return": [...NO_RETURN.keys()],
  "may-run-python": effectNames().exact,
  "needs-thread-state": detachedNames().exact,
  allocators: [...ALLOCATORS.keys()],
  "container-macros": [...ACCESSORS.keys()],
  "refcount-uniqueness": [...UNIQUENESS.keys()],
  "gil-functions": [...GIL_FUNCTIONS.keys()],
  modules: [...MODULE_CALLS.keys()],
  callbacks: [...CALLBACK_TAKERS.keys()],
};

describe("names of the tables", () => {
  for (const [table, names] of Object.entries(TABLES)) {
    it(`${table} names only what exists`, () => {
      const unknown = [...names].filter((name) => isApi(name) && !inData(name) && !NOT_IN_DATA.has(name));
      expect(unknown).toEqual([]);
    });
  }

  it("the list of names that the data lacks has no name that the data has", () => {
    expect([...NOT_IN_DATA.keys()].filter(inData)).toEqual([]);
  });

  it("the list of names that the data lacks has no name that no table uses", () => {
    const replacements = [...BORROWED.values()].flatMap((row) => row.replacements.map((r) => r.api));
    const used = new Set([...Object.values(TABLES).flat(), ...replacements]);
    expect([...NOT_IN_DATA.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  it("prefixes stand for something", () => {
    const all = [...Object.keys(REFCOUNTS), ...Object.keys(STABLE_ABI), ...NOT_IN_DATA.keys()];
    const prefixes = [...effectNames().prefixes, ...detachedNames().prefixes].filter((p) => !HEADER_PREFIXES.has(p));
    expect(prefixes.filter((prefix) => !all.some((name) => name.startsWith(prefix)))).toEqual([]);
  });
});

/** Groups of functions and macros that only the headers have. */
const HEADER_PREFIXES = new Set([
  "_PyArg_Parse",
  "_PyObject_Call",
  "_PyObject_Vectorcall",
  "_PyDict_SetItem",
  "_PyDict_Contains",
  "_Py_atomic_",
  "_Py_c_",
  "_Py_dg_",
  "_PyTime_",
  "_PyObject_GC_New",
  "Py_UNICODE_",
  "PyTZInfo_Check",
  "PyObject_INIT",
  "PyHash_",
  "Py_PreInitialize",
]);

describe("borrowed references", () => {
  const lends = Object.entries(REFCOUNTS).filter(([, [, result]]) => result === "borrowed");

  it("every borrowed-returning function of the data is classified", () => {
    expect(lends.length).toBeGreaterThan(40);
    expect(lends.map(([name]) => name).filter((name) => !BORROWED.has(name))).toEqual([]);
  });

  it("nothing that returns a new reference is called borrowed", () => {
    const wrong = [...BORROWED.values()].filter(
      ({ name, outArgs }) => outArgs.length === 0 && REFCOUNTS[name]?.[1] === "new",
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it("a hazard has a rule, no hazard has a reason", () => {
    for (const { name, hazard, rule, why } of BORROWED.values()) {
      expect(why, name).not.toBe("");
      if (hazard === "none") expect(rule, name).toBeNull();
      else expect(rule, name).not.toBeNull();
    }
  });

  it("the owner is an argument that the function has", () => {
    for (const { name, containerArg } of BORROWED.values()) {
      const params = REFCOUNTS[name]?.[2];
      if (params !== undefined && containerArg >= 0) expect(params.length, name).toBeGreaterThan(containerArg);
    }
  });

  it("every replacement exists, and gives a new reference where it says so", () => {
    for (const { name, replacements } of BORROWED.values()) {
      for (const { api, gives } of replacements) {
        expect(inData(api) || NOT_IN_DATA.has(api), `${name} -> ${api}`).toBe(true);
        if (gives === "reference" && api in REFCOUNTS) expect(REFCOUNTS[api][1], `${name} -> ${api}`).toBe("new");
      }
    }
  });
});

describe("results", () => {
  it("every function of the data that returns a new reference has a result", () => {
    const missing = Object.entries(REFCOUNTS).filter(([name, [, result]]) => result === "new" && !RESULTS.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it("new and borrowed agree with the data", () => {
    const wrong = [...RESULTS.values()].filter(({ name, reference, outArgs }) => {
      const result = REFCOUNTS[name]?.[1];
      return outArgs.length === 0 && (result === "new" || result === "borrowed") && result !== reference;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});
