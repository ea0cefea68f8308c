/** Members and arrays declared in another file than the function. */
import { beforeAll, describe, expect, it } from "vitest";
import { decodeFunction } from "../../../../src/ir/codec.ts";
import { printFunction } from "../../../../src/ir/print.ts";
import { validateFunction } from "../../../../src/ir/validate.ts";
import { initGrammar } from "../../../../src/syntax/grammar.ts";
import { type ProjectTypes, withProjectTypes } from "../../../../src/syntax/lower/with-project-types.ts";
import { analyseText } from "../analyse-text.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

const types: ProjectTypes = {
  member(type, name) {
    if (!type.startsWith("Pool") && !type.startsWith("struct pool")) return undefined;
    const members: Record<string, string> = { size: "int", first: "Item *", lock: "std::mutex", slots: "Item *[4]" };
    return name in members ? { type: members[name], array: name === "slots" } : undefined;
  },
};

function bodyOf(text: string, name: string): string[] {
  const ir = withProjectTypes(decodeFunction(analyseText(text, name).functions[0].code), types);
  expect(validateFunction(ir)).toEqual([]);
  const lines = printFunction(ir).split("\n");
  return lines.slice(lines.indexOf("bb0:") + 1, -2).map((l) => l.trim());
}

describe("members of a class in a header", () => {
  it("are places of this, in reads and writes", () => {
    const text = `int Pool::take(int n) {
    size -= n;
    slots[n] = first;
    first->next = other;
    lock.held = 1;
    use(&size, slots);
    return size;
}`;
    expect(bodyOf(text, "a.cpp")).toEqual([
      "%t0 = load %this->size",
      "%t1 = %t0 - %n",
      "store %this->size, %t1",
      "%t2 = load %this->first",
      "store %this->slots[] at %n, %t2",
      "%t3 = load %this->first",
      "store %t3->next, @other",
      "store %this->lock.held, 1",
      "%t4 = addr %this->size",
      "%t5 = addr %this->slots",
      "call use(%t4, %t5)",
      "%t6 = load %this->size",
      "return %t6",
    ]);
  });

  it("are locked if they are mutexes", () => {
    expect(bodyOf("void Pool::hold() { lock.lock(); first.lock(); lock.unlock(); }", "a.cpp")).toEqual([
      "%t0 = addr %this->lock",
      "lock native lock(%t0)",
      "%t1 = load %this->first",
      "call lock() on %t1",
      "%t2 = addr %this->lock",
      "unlock native unlock(%t2)",
      "return",
    ]);
  });

  it("leave functions without this alone", () => {
    expect(bodyOf("int take(int n) { return size; }", "a.cpp")).toEqual(["return @size"]);
  });
});

describe("arrays in structs of a header", () => {
  it("give their address", () => {
    expect(bodyOf("void clear(struct pool *p, int i) { p->slots[i] = 0; p->first[i] = 0; }", "a.c")).toEqual([
      "%t0 = addr %p->slots",
      "store %t0->[] at %i, 0",
      "%t1 = load %p->first",
      "store %t1->[] at %i, 0",
      "return",
    ]);
  });
});
