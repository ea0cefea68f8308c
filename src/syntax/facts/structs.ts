/** Layouts of structs, unions and classes. */
import type { FieldFacts, StructFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { baseType, declared, declaredName, specifiers, typeWith } from "../lower/declarator.ts";
import { type Env, nameText, rawText, sourceText } from "../lower/env.ts";

/** `PyObject_HEAD` and `PyObject_VAR_HEAD` by place, from the preprocessor view. */
export type HeadLookup = (span: Span) => StructFacts["objectHead"];

export const NO_HEADS: HeadLookup = () => "";

const BODY_TYPES = new Set(["struct_specifier", "union_specifier", "class_specifier"]);

/** True for a struct, union or class with a body. */
export function hasLayout(node: SyntaxNode): boolean {
  return BODY_TYPES.has(node.type) && child(node, "body") !== undefined;
}

/** The layout of a specifier with a body, and of the named structs declared inside it, which come first. */
export function structFacts(env: Env, node: SyntaxNode, heads: HeadLookup, scope = ""): StructFacts[] {
  const inner: StructFacts[] = [];
  const name = child(node, "name");
  const tag = name ? declaredName(env, name) : "";
  const facts: StructFacts = {
    tag: scope !== "" && tag !== "" ? `${scope}::${tag}` : tag,
    typedefs: [],
    isUnion: node.type === "union_specifier",
    bases: bases(env, node),
    fields: [],
    objectHead: "",
    start: node.start,
    end: node.end,
  };
  const body = child(node, "body");
  if (body) {
    facts.objectHead = heads({ start: body.start, end: body.end });
    collectFields(env, body, "", facts, inner, heads);
  }
  return [...inner, facts];
}

function bases(env: Env, node: SyntaxNode): string[] {
  const clause = node.children.find((c) => c.type === "base_class_clause");
  const out: string[] = [];
  for (const c of clause?.children ?? []) {
    if (c.type === "type_identifier" || c.type === "qualified_identifier" || c.type === "template_type") {
      out.push(declaredName(env, c));
    }
  }
  return out;
}

function collectFields(
  env: Env,
  body: SyntaxNode,
  prefix: string,
  facts: StructFacts,
  inner: StructFacts[],
  heads: HeadLookup,
): void {
  for (const c of body.children) {
    if (c.type === "field_declaration") fieldDeclaration(env, c, prefix, facts, inner, heads);
    else if (c.type.startsWith("preproc_") || c.type === "ERROR") collectFields(env, c, prefix, facts, inner, heads);
  }
}

function fieldDeclaration(
  env: Env,
  node: SyntaxNode,
  prefix: string,
  facts: StructFacts,
  inner: StructFacts[],
  heads: HeadLookup,
): void {
  const spec = specifiers(env, node);
  const typeNode = child(node, "type");
  const declarators = node.children.filter((c) => c.field === "declarator");
  if (spec.type === "PyObject_HEAD" || spec.type === "PyObject_VAR_HEAD") {
    if (prefix === "" && facts.fields.length === 0) facts.objectHead = spec.type;
    if (declarators.length === 0) return;
  }
  const nested = typeNode && hasLayout(typeNode) ? typeNode : undefined;
  if (nested && declarators.length === 0) {
    const members = child(nested, "body");
    if (child(nested, "name")) inner.push(...structFacts(env, nested, heads));
    else if (members) collectFields(env, members, prefix, facts, inner, heads);
    return;
  }
  for (const d of declarators) {
    const info = declared(env, d);
    if (!info.nameNode || info.shape === "function") continue;
    const type = typeWith(spec.type, info.suffix);
    const start = node.start;
    const array = info.shape === "array";
    const field: FieldFacts = { name: prefix + info.name, type, array, start, end: node.end };
    if (spec.isStatic) field.isStatic = true;
    if (prefix === "" && facts.fields.length === 0 && !spec.isStatic)
      headField(facts, info.name, spec.type, info.suffix);
    facts.fields.push(field);
    if (!nested) continue;
    const members = child(nested, "body");
    const innerTag = child(nested, "name");
    if (innerTag) inner.push(...structFacts(env, nested, heads));
    else if (members) {
      const path = `${prefix}${info.name}${array ? "[]" : ""}.`;
      collectFields(env, members, path, facts, inner, heads);
    }
  }
}

/** `PyObject ob_base;`, `PyVarObject ob_base;` as the first member. */
function headField(facts: StructFacts, _name: string, type: string, suffix: string): void {
  if (suffix !== "" || facts.objectHead !== "") return;
  const word = type.startsWith("struct ") ? type.slice(7) : type;
  if (word === "PyObject" || word === "_object") facts.objectHead = "PyObject_HEAD";
  else if (word === "PyVarObject") facts.objectHead = "PyObject_VAR_HEAD";
}

/** Enumerators of an enum specifier. */
export function enumerators(env: Env, node: SyntaxNode): string[] {
  const body = child(node, "body");
  const out: string[] = [];
  for (const c of body?.children ?? []) {
    if (c.type === "enumerator" && c.children[0]) out.push(nameText(env, c.children[0]));
  }
  return out;
}

/** Enumerators of every enum in a subtree of specifiers, fields and declarations. */
export function allEnumerators(env: Env, node: SyntaxNode, out: string[]): void {
  if (node.type === "enum_specifier") {
    out.push(...enumerators(env, node));
    return;
  }
  if (node.type === "compound_statement" || node.type === "initializer_list") return;
  for (const c of node.children) {
    if (c.children.length > 0 || c.type === "enum_specifier") allEnumerators(env, c, out);
  }
}

/** Names and types of a `typedef`; a struct with a body gets the plain ones as its names. */
export function typedefNames(env: Env, node: SyntaxNode): { name: string; type: string; plain: boolean }[] {
  const typeNode = child(node, "type");
  const qualifiers = node.children.filter((c) => c.type === "type_qualifier").map((c) => rawText(env, c.start, c.end));
  const base = [...qualifiers, typeNode ? baseType(env, typeNode) : ""].join(" ").trim();
  const out: { name: string; type: string; plain: boolean }[] = [];
  for (const d of node.children) {
    if (d.field !== "declarator") continue;
    const info = declared(env, d);
    const name = info.nameNode ? info.name : sourceText(env, d.start, d.end);
    out.push({ name, type: typeWith(base, info.suffix), plain: info.suffix === "" });
  }
  return out;
}
