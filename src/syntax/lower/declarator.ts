/** Declarators and specifiers: the name, the type as text and the shape of what is declared. */
import { child, type SyntaxNode } from "../ast.ts";
import { collapse, type Env, nameText, rawText, sourceText, substituteText } from "./env.ts";

export interface Declared {
  /** The node of the declared name, null for an abstract declarator. */
  nameNode: SyntaxNode | null;
  name: string;
  /** What surrounds the name most closely. */
  shape: "plain" | "pointer" | "array" | "function" | "reference";
  /** The declarator without its name, e.g. `*[4]` or `(*)(int)`. */
  suffix: string;
  /** The function declarator that belongs to the name itself. */
  functionNode: SyntaxNode | null;
  /** Size expressions of the arrays. */
  sizes: SyntaxNode[];
  /** `NAME(x)(params)`: the group whose content the macro `NAME` makes the name of. */
  pasted: SyntaxNode | null;
}

const NAME_TYPES = new Set([
  "identifier",
  "field_identifier",
  "type_identifier",
  "primitive_type",
  "qualified_identifier",
  "operator_name",
  "destructor_name",
  "template_function",
  "template_method",
  "operator_cast",
  "this",
]);

const DECLARATOR_TYPES = new Set([
  "array_declarator",
  "function_declarator",
  "pointer_declarator",
  "parenthesized_declarator",
  "attributed_declarator",
  "reference_declarator",
  "variadic_declarator",
  "pointer_type_declarator",
  "init_declarator",
  "abstract_array_declarator",
  "abstract_function_declarator",
  "abstract_pointer_declarator",
  "abstract_parenthesized_declarator",
  "abstract_reference_declarator",
]);

/** The declarator inside a declarator: a field in most node types, the first fitting child in others. */
function innerDeclarator(node: SyntaxNode): SyntaxNode | undefined {
  const direct = child(node, "declarator");
  if (direct) return direct;
  for (const c of node.children) if (DECLARATOR_TYPES.has(c.type) || NAME_TYPES.has(c.type)) return c;
  return undefined;
}

/** Takes a declarator apart. */
export function declared(env: Env, node: SyntaxNode): Declared {
  let shape: Declared["shape"] = "plain";
  let functionNode: SyntaxNode | null = null;
  const sizes: SyntaxNode[] = [];
  let pasted: SyntaxNode | null = null;
  let at: SyntaxNode | undefined = node;
  let nameNode: SyntaxNode | null = null;
  while (at) {
    if (NAME_TYPES.has(at.type)) {
      nameNode = at;
      break;
    }
    switch (at.type) {
      case "pointer_declarator":
      case "pointer_type_declarator":
      case "abstract_pointer_declarator":
        shape = "pointer";
        functionNode = null;
        break;
      case "array_declarator":
      case "abstract_array_declarator": {
        shape = "array";
        functionNode = null;
        const size = child(at, "size");
        if (size) sizes.push(size);
        break;
      }
      case "function_declarator":
      case "abstract_function_declarator":
        if (functionNode && child(functionNode, "declarator") === at) {
          pasted = child(at, "parameters") ?? null;
          break;
        }
        shape = "function";
        functionNode = at;
        break;
      case "reference_declarator":
      case "abstract_reference_declarator":
        shape = "reference";
        functionNode = null;
        break;
      default:
        break;
    }
    at = innerDeclarator(at);
  }
  const suffix = nameNode
    ? joined(env, node.start, nameNode.start, nameNode.end, node.end)
    : sourceText(env, node.start, node.end);
  return { nameNode, name: nameNode ? declaredName(env, nameNode) : "", shape, suffix, functionNode, sizes, pasted };
}

function joined(env: Env, start: number, nameStart: number, nameEnd: number, end: number): string {
  if (start === nameStart && end === nameEnd) return "";
  const raw = rawText(env, start, nameStart) + rawText(env, nameEnd, end);
  return collapse(env.bindings === null ? raw : substituteText(env, raw));
}

/** A declared name without white space and template arguments: `Foo<T>::bar` gives `Foo::bar`. */
export function declaredName(env: Env, node: SyntaxNode): string {
  switch (node.type) {
    case "qualified_identifier": {
      const scope = child(node, "scope");
      const name = node.children.filter((c) => c.field === "name").pop();
      const right = name ? declaredName(env, name) : "";
      return scope ? `${declaredName(env, scope)}::${right}` : right;
    }
    case "template_function":
    case "template_method":
    case "template_type":
      return node.children.length > 0 ? declaredName(env, node.children[0]) : nameText(env, node);
    case "operator_name":
    case "operator_cast":
    case "destructor_name": {
      const text = sourceText(env, node.start, node.end);
      const paren = node.type === "operator_cast" ? text.lastIndexOf("(") : -1;
      return (paren > 0 ? text.slice(0, paren) : text).split(" ").join(text.startsWith("operator ") ? " " : "");
    }
    case "dependent_name":
      return node.children.length > 0 ? declaredName(env, node.children[node.children.length - 1]) : "";
    case "decltype":
      return sourceText(env, node.start, node.end);
    default:
      return nameText(env, node);
  }
}

export interface Specifiers {
  /** Base type with qualifiers, storage classes removed. */
  type: string;
  isStatic: boolean;
  isExtern: boolean;
  isInline: boolean;
  isTypedef: boolean;
  threadLocal: boolean;
  constexpr: boolean;
}

const TYPE_NODE_TYPES = new Set(["struct_specifier", "union_specifier", "class_specifier", "enum_specifier"]);

/** Reads the specifiers in front of a declaration's or parameter's declarators. */
export function specifiers(env: Env, node: SyntaxNode): Specifiers {
  const out: Specifiers = {
    type: "",
    isStatic: false,
    isExtern: false,
    isInline: false,
    isTypedef: node.type === "type_definition",
    threadLocal: false,
    constexpr: false,
  };
  const parts: string[] = [];
  for (const c of node.children) {
    if (c.field === "declarator" || c.field === "body" || c.field === "value") break;
    if (c.type === "storage_class_specifier") {
      const word = rawText(env, c.start, c.end);
      if (word === "static") out.isStatic = true;
      else if (word === "extern") out.isExtern = true;
      else if (word.includes("inline")) out.isInline = true;
      else if (word === "thread_local" || word.includes("_Thread") || word === "__thread") out.threadLocal = true;
    } else if (c.type === "type_qualifier") {
      const word = sourceText(env, c.start, c.end);
      if (word === "constexpr" || word === "constinit") out.constexpr = word === "constexpr";
      else if (word.includes("inline")) out.isInline = true;
      else if (word !== "__extension__" && word !== "__restrict__") parts.push(word);
    } else if (c.type === "ms_declspec_modifier") {
      if (rawText(env, c.start, c.end).includes("thread")) out.threadLocal = true;
    } else if (c.field === "type") parts.push(baseType(env, c));
  }
  out.type = parts.join(" ");
  return out;
}

/** A type specifier as text; the body of a struct or enum is left out. */
export function baseType(env: Env, node: SyntaxNode): string {
  if (!TYPE_NODE_TYPES.has(node.type)) return sourceText(env, node.start, node.end);
  const keyword = node.type === "class_specifier" ? "class" : node.type.slice(0, node.type.indexOf("_"));
  const name = child(node, "name");
  return name ? `${keyword} ${declaredName(env, name)}` : keyword;
}

/** `char` and `*[3]` give `char *[3]`. */
export function typeWith(base: string, suffix: string): string {
  return suffix === "" ? base : `${base} ${suffix}`;
}

/** The type in a cast, `sizeof` or template argument. */
export function typeDescriptor(env: Env, node: SyntaxNode): string {
  return sourceText(env, node.start, node.end);
}

export interface Parameter {
  name: string;
  type: string;
  nameNode: SyntaxNode | null;
  node: SyntaxNode;
}

/** Parameters of a function declarator; `definition` supplies the declarations of K&R parameters. */
export function parameters(
  env: Env,
  fn: SyntaxNode,
  definition?: SyntaxNode,
): { list: Parameter[]; variadic: boolean } {
  const list: Parameter[] = [];
  let variadic = false;
  const params = child(fn, "parameters");
  for (const p of params?.children ?? []) {
    if (p.type === "variadic_parameter") variadic = true;
    else if (p.type === "identifier") list.push(oldStyle(env, p, definition));
    else if (p.type.endsWith("parameter_declaration")) {
      const spec = specifiers(env, p);
      const d = child(p, "declarator");
      if (p.type === "variadic_parameter_declaration") variadic = true;
      if (!d) {
        if (spec.type !== "void") list.push({ name: "", type: spec.type, nameNode: null, node: p });
        continue;
      }
      const info = declared(env, d);
      list.push({ name: info.name, type: typeWith(spec.type, info.suffix), nameNode: info.nameNode, node: p });
    }
  }
  return { list, variadic };
}

function oldStyle(env: Env, name: SyntaxNode, definition: SyntaxNode | undefined): Parameter {
  const wanted = nameText(env, name);
  for (const d of definition?.children ?? []) {
    if (d.type !== "declaration") continue;
    const spec = specifiers(env, d);
    for (const c of d.children) {
      if (c.field !== "declarator") continue;
      const info = declared(env, c);
      if (info.name === wanted)
        return { name: wanted, type: typeWith(spec.type, info.suffix), nameNode: name, node: d };
    }
  }
  return { name: wanted, type: "int", nameNode: name, node: name };
}
