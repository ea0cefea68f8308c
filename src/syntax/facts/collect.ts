/** One walk over the declarations of a file: what is defined where. Function bodies are left to the lowering. */
import { FRAMEWORKS } from "../../capi/modules.ts";
import type { FileFacts, FrameworkUse, StaticFacts } from "../../ir/facts.ts";
import { child, type SyntaxNode } from "../ast.ts";
import type { MacroScope } from "../lower/context.ts";
import { declared, declaredName, type Specifiers, specifiers, typeWith } from "../lower/declarator.ts";
import { collapse, type Env, rawText, sourceText } from "../lower/env.ts";
import { macroArguments } from "../lower/macros.ts";
import { DeclaredTypes } from "./file-types.ts";
import { initTree } from "./init-tree.ts";
import { leadingWords } from "./leading-words.ts";
import { allEnumerators, type HeadLookup, hasLayout, structFacts, typedefNames } from "./structs.ts";
import { isAtomicType, isConstVariable } from "./variables.ts";

/** A function definition that is to be lowered. */
export interface FoundFunction {
  node: SyntaxNode;
  env: Env;
  /** Namespaces and classes around it, joined by `::`. */
  scope: string;
  /** The innermost class around it, "" if none. */
  className: string;
  /** In an unnamed namespace: not visible elsewhere. */
  hidden: boolean;
  /** Offset where what belongs to the definition may begin: the end of the declaration before. */
  from: number;
}

/** A call at file level, where no statement can stand: a macro of the project or of a framework. */
export interface FileLevelUse {
  name: string;
  node: SyntaxNode;
  /** The argument list. */
  list: SyntaxNode;
  env: Env;
  scope: string;
}

interface Place {
  scope: string;
  className: string;
  hidden: boolean;
}

export const FRAMEWORK_MACROS = new Set(FRAMEWORKS.flatMap((f) => f.macros));

/** Declarations of a file, collected in source order. */
export class Collector {
  readonly types = new DeclaredTypes();
  readonly functions: FoundFunction[] = [];
  readonly prototypes: FileFacts["prototypes"] = [];
  readonly statics: StaticFacts[] = [];
  readonly typedefs: FileFacts["typedefs"] = [];
  readonly enumerators: string[] = [];
  readonly frameworkUses: FrameworkUse[] = [];
  readonly uses: FileLevelUse[] = [];
  private readonly heads: HeadLookup;
  private readonly macros: MacroScope | null;

  /** End of the declaration before the current one. */
  private previousEnd = 0;

  constructor(heads: HeadLookup, macros: MacroScope | null = null) {
    this.heads = heads;
    this.macros = macros;
  }

  collect(root: SyntaxNode, env: Env, scope = ""): void {
    this.list(root, env, { scope, className: "", hidden: false });
  }

  private list(node: SyntaxNode, env: Env, at: Place): void {
    for (const c of node.children) {
      this.declaration(c, env, at);
      if (c.end > this.previousEnd) this.previousEnd = c.end;
    }
  }

  private declaration(node: SyntaxNode, env: Env, at: Place): void {
    switch (node.type) {
      case "function_definition":
        this.functionDefinition(node, env, at);
        return;
      case "declaration":
        this.variables(node, env, at);
        return;
      case "field_declaration":
        this.classMember(node, env, at);
        return;
      case "type_definition":
        this.typeDefinition(node, env, at);
        return;
      case "struct_specifier":
      case "union_specifier":
      case "class_specifier":
      case "enum_specifier":
        this.typeSpecifier(node, env, at, []);
        return;
      case "namespace_definition":
        this.namespace(node, env, at);
        return;
      case "alias_declaration": {
        const name = child(node, "name");
        const type = child(node, "type");
        if (name && type) this.typedef(declaredName(env, name), sourceText(env, type.start, type.end));
        return;
      }
      case "expression_statement":
        if (node.children[0]?.type === "call_expression") this.fileLevelCall(node.children[0], env, at);
        return;
      case "call_expression":
        this.fileLevelCall(node, env, at);
        return;
      case "template_declaration":
      case "linkage_specification":
      case "declaration_list":
      case "translation_unit":
      case "friend_declaration":
      case "attributed_statement":
      case "ERROR":
        this.list(node, env, at);
        return;
      default:
        if (node.type.startsWith("preproc_")) this.list(node, env, at);
    }
  }

  private namespace(node: SyntaxNode, env: Env, at: Place): void {
    const name = child(node, "name");
    const body = child(node, "body");
    if (!body) return;
    const part = name ? sourceText(env, name.start, name.end).replaceAll(" ", "") : "";
    const scope = part === "" ? at.scope : at.scope === "" ? part : `${at.scope}::${part}`;
    this.list(body, env, { scope, className: at.className, hidden: at.hidden || part === "" });
  }

  private functionDefinition(node: SyntaxNode, env: Env, at: Place): void {
    const typeNode = child(node, "type");
    if (typeNode && child(typeNode, "body")) this.typeSpecifier(typeNode, env, at, []);
    const declarator = child(node, "declarator");
    if (!declarator) {
      this.list(node, env, at);
      return;
    }
    const info = declared(env, declarator);
    if (info.nameNode) this.types.addFunction(info.name);
    if (info.functionNode && FRAMEWORK_MACROS.has(info.name)) this.framework(node, info.name, info.functionNode, env);
    this.functions.push({
      node,
      env,
      scope: at.scope,
      className: at.className,
      hidden: at.hidden,
      from: this.previousEnd,
    });
  }

  private framework(node: SyntaxNode, macro: string, functionNode: SyntaxNode, env: Env): void {
    const list = child(functionNode, "parameters");
    const args = list ? macroArguments(env, list).map((a) => a.text) : [];
    this.frameworkUses.push({ macro, args, start: node.start, end: functionNode.end });
  }

  private fileLevelCall(node: SyntaxNode, env: Env, at: Place): void {
    const callee = child(node, "function");
    const list = child(node, "arguments");
    if (callee?.type !== "identifier" || !list) return;
    const name = rawText(env, callee.start, callee.end);
    this.use(name, node, list, env, at);
  }

  private use(name: string, node: SyntaxNode, list: SyntaxNode, env: Env, at: Place): void {
    if (FRAMEWORK_MACROS.has(name)) {
      const args = macroArguments(env, list).map((a) => a.text);
      this.frameworkUses.push({ macro: name, args, start: node.start, end: node.end });
      return;
    }
    this.uses.push({ name, node, list, env, scope: at.scope });
  }

  private typedef(name: string, type: string): void {
    this.typedefs.push({ name, type });
    this.types.addTypedef(name, type);
  }

  private typeDefinition(node: SyntaxNode, env: Env, at: Place): void {
    const typeNode = child(node, "type");
    const names = typedefNames(env, node);
    if (typeNode && child(typeNode, "body")) {
      const own = names.filter((n) => n.plain).map((n) => n.name);
      this.typeSpecifier(typeNode, env, at, own);
    }
    for (const n of names) this.typedef(n.name, n.type);
  }

  private typeSpecifier(node: SyntaxNode, env: Env, at: Place, typedefs: string[]): void {
    if (node.type === "enum_specifier") {
      allEnumerators(env, node, this.enumerators);
      return;
    }
    if (!hasLayout(node)) return;
    const list = structFacts(env, node, this.heads, at.scope);
    const facts = list[list.length - 1];
    facts.typedefs.push(...typedefs);
    for (const f of list) this.types.addStruct(f);
    allEnumerators(env, child(node, "body")!, this.enumerators);
    if (env.bindings !== null) return;
    const name = child(node, "name");
    const tag = name ? declaredName(env, name) : (typedefs[0] ?? "");
    const scope = tag === "" ? at.scope : at.scope === "" ? tag : `${at.scope}::${tag}`;
    const inner: Place = { scope, className: scope, hidden: at.hidden };
    for (const c of child(node, "body")!.children) {
      if (c.type !== "field_declaration" || this.isCpp(c)) this.declaration(c, env, inner);
    }
  }

  private isCpp(node: SyntaxNode): boolean {
    return node.children.some((c) => c.field === "declarator" || c.type === "storage_class_specifier");
  }

  /** Static data members, nested types and method prototypes of a class. */
  private classMember(node: SyntaxNode, env: Env, at: Place): void {
    const spec = specifiers(env, node);
    const typeNode = child(node, "type");
    if (typeNode && hasLayout(typeNode)) {
      for (const c of child(typeNode, "body")!.children) {
        if (c.type === "function_definition") this.declaration(c, env, at);
      }
    }
    for (const d of node.children) {
      if (d.field !== "declarator") continue;
      const info = declared(env, d);
      if (!info.nameNode) continue;
      const name = at.scope === "" ? info.name : `${at.scope}::${info.name}`;
      if (info.shape === "function") this.prototype(node, spec, name, info.functionNode, d, env);
      else if (spec.isStatic) {
        const value = node.children.find((c) => c.field === "default_value");
        const whole = { ...spec, isStatic: false, isExtern: !spec.isInline && !value };
        this.variable(node, whole, name, info, env, value);
        // `static` in a class is no internal linkage.
        this.statics[this.statics.length - 1].isStatic = false;
      }
    }
  }

  private variables(node: SyntaxNode, env: Env, at: Place): void {
    const spec = specifiers(env, node);
    const typeNode = child(node, "type");
    if (typeNode && child(typeNode, "body")) this.anonymous(node, typeNode, spec, env, at);
    if (at.hidden) spec.isStatic = true;
    for (const d of node.children) {
      if (d.field !== "declarator") continue;
      const inner = d.type === "init_declarator" ? child(d, "declarator") : d;
      if (!inner) continue;
      const info = declared(env, inner);
      if (!info.nameNode) continue;
      const name = at.scope === "" ? info.name : `${at.scope}::${info.name}`;
      if (info.shape === "function" && info.functionNode && d.type !== "init_declarator") {
        // `MACRO(args)` without a type is a macro, not a prototype.
        if (spec.type === "" || (typeNode?.type === "type_identifier" && typeNode.start === info.nameNode.start)) {
          const list = child(info.functionNode, "parameters");
          if (list) this.use(info.name, node, list, env, at);
          continue;
        }
        this.prototype(node, spec, name, info.functionNode, inner, env);
        continue;
      }
      if (spec.isTypedef) {
        this.typedef(info.name, typeWith(spec.type, info.suffix));
        continue;
      }
      this.variable(d === inner ? node : d, spec, name, info, env, child(d, "value"));
    }
    if (typeNode?.type === "macro_type_specifier") this.macroType(typeNode, env, at);
  }

  /** A struct declared with its variables; without a tag it is named after the first of them. */
  private anonymous(node: SyntaxNode, typeNode: SyntaxNode, spec: Specifiers, env: Env, at: Place): void {
    const first = node.children.find((c) => c.field === "declarator");
    const inner = first?.type === "init_declarator" ? child(first, "declarator") : first;
    const variable = inner && !spec.isTypedef ? declared(env, inner).name : "";
    if (child(typeNode, "name") || variable === "" || !hasLayout(typeNode)) {
      this.typeSpecifier(typeNode, env, at, []);
      return;
    }
    const name = `${variable}::anonymous`;
    this.typeSpecifier(typeNode, env, at, [name]);
    spec.type += ` ${name}`;
  }

  /** `MACRO(x)` read as a type. */
  private macroType(node: SyntaxNode, env: Env, at: Place): void {
    const name = child(node, "name");
    const type = child(node, "type");
    if (!name || !type) return;
    const list: SyntaxNode = { ...type, type: "argument_list", start: name.end, end: node.end, children: [type] };
    this.use(rawText(env, name.start, name.end), node, list, env, at);
  }

  private prototype(
    node: SyntaxNode,
    spec: Specifiers,
    name: string,
    functionNode: SyntaxNode | null,
    declarator: SyntaxNode,
    env: Env,
  ): void {
    this.types.addFunction(name);
    const stars = functionNode ? collapse(rawText(env, declarator.start, functionNode.start)) : "";
    this.prototypes.push({
      name,
      returnType: typeWith(spec.type, stars),
      start: node.start,
      end: node.end,
      isStatic: spec.isStatic,
    });
  }

  private variable(
    at: SyntaxNode,
    spec: Specifiers,
    name: string,
    info: ReturnType<typeof declared>,
    env: Env,
    value: SyntaxNode | undefined,
  ): void {
    const type = typeWith(spec.type, info.suffix);
    const words = leadingWords(env, this.previousEnd, info.nameNode!.start, this.macros);
    const facts: StaticFacts = {
      name,
      type,
      isStatic: spec.isStatic || words.isStatic,
      isExtern: spec.isExtern && !value,
      isConst: spec.constexpr || isConstVariable(spec.type, info),
      threadLocal: spec.threadLocal || words.threadLocal,
      atomic: isAtomicType(type) || (words.atomic && info.shape !== "pointer"),
      array: info.shape === "array",
      nameStart: info.nameNode!.start,
      nameEnd: info.nameNode!.end,
      start: at.start,
      end: at.end,
    };
    if (value) facts.init = initTree(env, value);
    this.statics.push(facts);
    this.types.addVariable(facts);
    if (info.name !== name) this.types.addVariable({ ...facts, name: info.name });
  }
}
