/** Types and variables of one file, for the lowering: which fields are arrays, which names are types. */
import { classNameOf, lastComponent } from "../../capi/type-names.ts";
import type { StaticFacts, StructFacts } from "../../ir/facts.ts";
import type { SyntaxNode } from "../ast.ts";
import { child } from "../ast.ts";
import type { FieldType, FileTypes } from "../lower/context.ts";
import type { Env } from "../lower/env.ts";
import { allEnumerators, hasLayout, NO_HEADS, structFacts, typedefNames } from "./structs.ts";

interface Layout {
  facts: StructFacts;
  fields: Map<string, FieldType>;
}

/** Collects what a file declares; see `FileTypes`. */
export class DeclaredTypes implements FileTypes {
  readonly structs: StructFacts[] = [];
  private readonly layouts = new Map<string, Layout>();
  private readonly typedefs = new Map<string, string>();
  private readonly variables = new Map<string, FieldType>();
  private readonly functions = new Set<string>();
  private readonly typeNames = new Set<string>();

  addStruct(facts: StructFacts): void {
    this.structs.push(facts);
    const layout: Layout = { facts, fields: new Map() };
    for (const f of facts.fields) {
      if (!f.isStatic) layout.fields.set(f.name, { type: f.array ? withBrackets(f.type) : f.type, array: f.array });
    }
    for (const name of [facts.tag, ...facts.typedefs]) {
      if (name === "") continue;
      // The first definition: later ones are specialisations, or for another configuration.
      if (!this.layouts.has(name)) this.layouts.set(name, layout);
      this.typeNames.add(name);
      // A class is named by the last part of its name inside its own scope.
      const last = lastComponent(name);
      if (last !== name && !this.layouts.has(last)) {
        this.layouts.set(last, layout);
        this.typeNames.add(last);
      }
    }
  }

  addTypedef(name: string, type: string): void {
    this.typeNames.add(name);
    this.typedefs.set(name, type);
  }

  addVariable(facts: Pick<StaticFacts, "name" | "type" | "array">): void {
    this.variables.set(facts.name, { type: facts.type, array: facts.array });
  }

  addFunction(name: string): void {
    this.functions.add(name);
  }

  private layout(type: string): Layout | undefined {
    let name = classNameOf(type);
    for (let hops = 0; hops < 8; hops++) {
      const found = this.layouts.get(name);
      if (found) return found;
      const next = this.typedefs.get(name);
      if (next === undefined) return undefined;
      name = classNameOf(next);
    }
    return undefined;
  }

  field(type: string, name: string): FieldType | undefined {
    if (type === "" || name === "") return undefined;
    return this.layout(type)?.fields.get(name);
  }

  fieldNames(type: string): string[] | undefined {
    const found = type === "" ? undefined : this.layout(type);
    if (found?.facts.objectHead !== "") return undefined;
    return found.facts.fields.filter((f) => !f.name.includes(".") && !f.isStatic).map((f) => f.name);
  }

  variable(name: string): FieldType | undefined {
    return this.variables.get(name);
  }

  isType(name: string): boolean {
    return this.typeNames.has(name);
  }

  isFunction(name: string): boolean {
    return this.functions.has(name);
  }

  member(className: string, name: string): FieldType | undefined {
    const seen = new Set<string>();
    const work = [className];
    for (let at = work.pop(); at !== undefined && seen.size < 32; at = work.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const found = this.layout(at) ?? this.layout(lastComponent(at));
      const field = found?.fields.get(name);
      if (field) return field;
      if (found) work.push(...found.facts.bases);
    }
    return undefined;
  }

  isBase(className: string, name: string): boolean {
    return this.layout(className)?.facts.bases.some((b) => b === name || b.endsWith(`::${name}`)) ?? false;
  }

  declareLocal(env: Env, node: SyntaxNode): string[] {
    const names: string[] = [];
    allEnumerators(env, node, names);
    const inner = node.type === "type_definition" ? child(node, "type") : node;
    const aliases = node.type === "type_definition" ? typedefNames(env, node) : [];
    if (inner && hasLayout(inner)) {
      const list = structFacts(env, inner, NO_HEADS);
      list[list.length - 1].typedefs.push(...aliases.filter((a) => a.plain).map((a) => a.name));
      for (const facts of list) this.addStruct(facts);
    }
    for (const a of aliases) this.addTypedef(a.name, a.type);
    return names;
  }
}

function withBrackets(type: string): string {
  return type.endsWith("]") ? type : `${type} []`;
}
