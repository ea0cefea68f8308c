/**
 * C++ classes of the project that hold one reference and release it: what is put in comes out again, so analyses look
 * through them.
 */
import { isObjectPointer, lastComponent } from "../capi/type-names.ts";
import { type CalleeFacts, type CallInstr, RECEIVER } from "../flow/environment.ts";
import type { ProjectIndex } from "../project/index-types.ts";

const COMMON: Omit<CalleeFacts, "name" | "returns"> = {
  returnsOwned: undefined,
  escapes: ["no"],
  steals: [],
  outputs: [],
  lockEffects: [],
  mayRunPython: false,
  maySuspend: false,
  threadState: "same",
};

export class ReferenceWrappers {
  private readonly index: ProjectIndex;
  private readonly classes = new Map<string, boolean>();

  constructor(index: ProjectIndex) {
    this.index = index;
  }

  /** Facts of a constructor that takes a reference, or of a method that gives it back; undefined for other calls. */
  callee(file: string, call: CallInstr): CalleeFacts | undefined {
    if (call.receiver === undefined) {
      if (call.args.length !== 1 || !this.isWrapper(file, call.callee)) return undefined;
      return { ...COMMON, name: call.callee, returns: [{ kind: "argument", index: 0 }] };
    }
    if (call.args.length > 0 || !this.givesBack(file, call.callee)) return undefined;
    return { ...COMMON, name: call.callee, returns: [{ kind: "argument", index: RECEIVER }] };
  }

  /** Every method of this name belongs to a wrapper and returns an object. */
  private givesBack(file: string, method: string): boolean {
    const targets = this.index.resolveCall(file, method);
    return (
      targets.length > 0 &&
      targets.every((id) => {
        const { facts, name } = this.index.functions[id];
        const end = name.lastIndexOf("::");
        return end > 0 && isObjectPointer(facts.returnType) && this.isWrapper(file, name.slice(0, end));
      })
    );
  }

  /** A class with a single field, an object pointer, that is no Python object itself. */
  private isWrapper(file: string, className: string): boolean {
    const id = this.index.structNamed(file, className) ?? this.index.structNamed(file, lastComponent(className));
    if (id === undefined) return false;
    const key = String(id);
    let known = this.classes.get(key);
    if (known === undefined) {
      const { facts, isObject } = this.index.structs[id];
      const fields = facts.fields.filter((f) => f.isStatic !== true);
      known = !isObject && fields.length === 1 && isObjectPointer(fields[0].type) && !facts.isUnion;
      this.classes.set(key, known);
    }
    return known;
  }
}
