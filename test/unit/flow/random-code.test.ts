import { describe, expect, it } from "vitest";
import { FunctionAnalyses } from "../../../src/flow/function-analyses.ts";
import { summarise } from "../../../src/flow/summary.ts";
import { decodeFunction, encodeFunction } from "../../../src/ir/codec.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";
import { printFunction } from "../../../src/ir/print.ts";
import { validateFunction } from "../../../src/ir/validate.ts";
import { TEST_ENVIRONMENT } from "./helpers.ts";

/** A small generator of pseudo-random numbers, so that a failing case can be repeated from its seed. */
function generator(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const CALLS = [
  "PyList_New(0)",
  "PyDict_GetItem(V, V)",
  "PyList_GetItem(V, 0)",
  "Py_DECREF(V)",
  "Py_INCREF(V)",
  "Py_NewRef(V)",
  "PyList_SetItem(V, 0, V)",
  "PyDict_SetItem(V, V, V)",
  "PyObject_CallNoArgs(V)",
  "PyModule_AddObject(V, V, V)",
  "PyDict_GetItemRef(V, V, A)",
  "helper(V, A)",
];
const OTHERS = [
  "D = V",
  "D = V as Store *",
  "D = NULL",
  "D = load V->next",
  "store V->next, V",
  "@g_last = V",
  "lock pymutex PyMutex_Lock(A)",
  "unlock pymutex PyMutex_Unlock(A)",
  "lock critical-section Py_BEGIN_CRITICAL_SECTION(V)",
  "unlock critical-section Py_END_CRITICAL_SECTION()",
  "detach Py_BEGIN_ALLOW_THREADS()",
  "attach Py_END_ALLOW_THREADS()",
  'unknown "asm"(V)',
];

function randomFunction(seed: number): string {
  const next = generator(seed);
  const variable = () => ["%self", "%a", "%b", "%c"][next(4)];
  let temps = 0;
  const lines = [
    "fn f(%self: Store *) -> PyObject * {",
    "  local %a: PyObject *",
    "  local %b: PyObject *",
    "  local %c: PyObject *",
  ];
  const blocks = 2 + next(9);
  for (let b = 0; b < blocks; b++) {
    lines.push(`bb${b}:`);
    for (let i = next(7); i > 0; i--) {
      const isCall = next(2) === 0;
      let text = isCall ? `D = call ${CALLS[next(CALLS.length)]}` : OTHERS[next(OTHERS.length)];
      while (text.includes("A")) {
        if (!/\bA\b/.test(text)) break;
        const address = `%t${temps++}`;
        lines.push(`  ${address} = addr ${variable()}`);
        text = text.replace(/\bA\b/, address);
      }
      lines.push(`  ${text.replace(/\bD\b/, variable()).replace(/\bV\b/g, variable)}`);
    }
    const kind = next(4);
    if (kind === 0) lines.push(`  return ${variable()}`);
    else if (kind === 1) lines.push(`  goto bb${next(blocks)}`);
    else {
      const test = `%t${temps++}`;
      lines.push(`  ${test} = ${variable()} == NULL`, `  branch ${test} ? bb${next(blocks)} : bb${next(blocks)}`);
    }
  }
  lines.push("}", "");
  return lines.join("\n");
}

describe("code of any shape", () => {
  it("is analysed to an end, the same way each time", () => {
    for (let seed = 0; seed < 150; seed++) {
      const fn = parseFunctionText(randomFunction(seed));
      expect(validateFunction(fn)).toEqual([]);
      expect(decodeFunction(encodeFunction(fn))).toEqual(fn);
      expect(printFunction(parseFunctionText(printFunction(fn)))).toBe(printFunction(fn));
      const answers = [0, 1].map(() => {
        const a = new FunctionAnalyses(fn, TEST_ENVIRONMENT);
        const reports = a.ownership.ownedDefinitions().map((d) => a.ownership.follow(d));
        const exits = a.locks.sites.map((site) => [a.locks.releasedOnAllPaths(site), a.locks.exitsInside(site).length]);
        const origins = a.defUse.definitions.map((d) =>
          a.provenance.withEscapes(a.provenance.ofDefinition(d), d.point),
        );
        return JSON.stringify([reports, exits, origins, summarise(a), a.threadStates.unbalancedExits()]);
      });
      expect(answers[0]).toBe(answers[1]);
    }
  });

  it("takes time in proportion to its size", () => {
    const steps = Array.from({ length: 3000 }, (_, i) => `  %t${i + 1} = load %t${i}->next`).join("\n");
    const chain = parseFunctionText(
      `fn f(%self: Store *) -> PyObject * {\nbb0:\n  %t0 = load %self->next\n${steps}\n  return %t3000\n}`,
    );
    const a = new FunctionAnalyses(chain, TEST_ENVIRONMENT);
    const start = performance.now();
    expect(a.provenance.of(3001, { block: 0, index: 3001 })).not.toHaveLength(0);
    expect(a.accessPaths.of(3001, { block: 0, index: 3001 })).not.toBe("");
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
