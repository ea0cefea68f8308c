import { describe, expect, it } from "vitest";
import { decodeFunction, encodeFunction } from "../../../src/ir/codec.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";
import type { FunctionIr } from "../../../src/ir/types.ts";
import { instructionCount } from "../../../src/ir/visit.ts";

const SAMPLE = `fn store_event(%self: EventLog *, %args: PyObject *) -> PyObject * {
  file "event_log.c"
  local %key: PyObject *
  temp %t1: EventLog *
bb0:
  %t0 = addr %key
  %t1 = %self as EventLog *
  %t2 = call PyArg_ParseTuple(%args, str"O:store — é", %t0)
  %t3 = load %t1->items[].next at 3
  store *%t0, NULL
  %t4 = ! %t2
  %t5 = %t4 == 0
  call *%t3(%key, _)
  %t6 = call push(%key) on %self
  lock critical-section2 Py_BEGIN_CRITICAL_SECTION2(%self, %key)
  %t7 = lock pymutex PyMutex_Lock(%self)
  unlock raii "std::lock_guard<std::mutex>"(%self)
  %t8 = detach PyEval_SaveThread()
  attach PyEval_RestoreThread(%t8)
  unknown "asm"(%key)
  branch %t5 ? bb1 : bb2
bb1:
  switch %t2 [case "1": bb2, default: bb2]
bb2:
  goto bb3 label done
bb3:
  return @state{store_event}
bb4:
  unreachable
}
`;

function sample(): FunctionIr {
  const fn = parseFunctionText(SAMPLE);
  fn.macroUses.push({ start: 40, end: 52, name: "NEXT", defFile: "event_log.h", defStart: 1200, parent: -1 });
  fn.blocks[0].instrs[2].via = 0;
  const last = fn.blocks[3].term;
  if (last.op === "return") last.via = 0;
  return fn;
}

describe("codec", () => {
  it("gives back an equal function", () => {
    const fn = sample();
    expect(decodeFunction(encodeFunction(fn))).toEqual(fn);
  });

  it("keeps text that has no UTF-8 form", () => {
    const fn = sample();
    fn.values.push({ kind: "const", type: "string", text: "half a pair \ud83d" });
    expect(decodeFunction(encodeFunction(fn))).toEqual(fn);
  });

  it("keeps offsets of large files", () => {
    const fn = sample();
    for (const block of fn.blocks) for (const instr of block.instrs) instr.start += 2 ** 30;
    for (const block of fn.blocks) for (const instr of block.instrs) instr.end += 2 ** 30;
    expect(decodeFunction(encodeFunction(fn))).toEqual(fn);
  });

  it("never runs away on damaged bytes", () => {
    const bytes = encodeFunction(sample());
    let damaged = 0;
    for (let i = 0; i < bytes.length; i++) {
      for (const change of [0xff, 0x80, 0x01]) {
        const copy = bytes.slice();
        copy[i] ^= change;
        try {
          decodeFunction(copy);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          damaged++;
        }
      }
      expect(() => decodeFunction(bytes.subarray(0, i))).toThrow(RangeError);
    }
    expect(damaged).toBeGreaterThan(0);
  });

  it("is compact", () => {
    const fn = sample();
    expect(encodeFunction(fn).length / instructionCount(fn)).toBeLessThan(50);
  });
});
