/** Builds the plain tree from nodes that are told in document order. */
import type { Span } from "../ir/types.ts";
import type { SyntaxNode } from "./ast.ts";
import type { LoadedGrammar } from "./grammar.ts";

/** Deepest tree that is handed on: everything above the IR may recurse over nodes. */
export const MAX_TREE_DEPTH = 1000;

/** Type id of error nodes. */
export const ERROR_TYPE_ID = 65535;

/** Types whose anonymous `operator` child is kept as text. */
const OPERATOR_TYPES = new Set([
  "assignment_expression",
  "binary_expression",
  "field_expression",
  "pointer_expression",
  "unary_expression",
  "update_expression",
  "fold_expression",
]);

export interface PlainTree {
  root: SyntaxNode;
  /** Outermost error nodes, and inserted tokens (empty spans). */
  errors: Span[];
  missing: number;
  /** Functions (outside functions: declarations) nested deeper than `MAX_TREE_DEPTH`; their bodies are empty in the tree. */
  tooDeep: Span[];
}

export class TreeBuilder {
  private readonly types: string[];
  private readonly fields: string[];
  private readonly text: string;
  private readonly parents: SyntaxNode[] = [];
  private readonly errors: Span[] = [];
  private readonly tooDeep: Span[] = [];
  private readonly emptied: SyntaxNode[] = [];
  private parent: SyntaxNode;
  private missing = 0;
  private errorEnd = -1;
  readonly root: SyntaxNode;

  constructor(grammar: LoadedGrammar, text: string, typeId: number, start: number, end: number) {
    this.types = grammar.types;
    this.fields = grammar.fields;
    this.text = text;
    const type = typeId === ERROR_TYPE_ID ? "ERROR" : this.types[typeId]!;
    this.root = { type, field: "", start, end, children: [] };
    this.parent = this.root;
    if (type === "ERROR") this.noteError(start, end);
  }

  /** A named node below the current one, which it becomes. False if it is too deep to go on. */
  enter(typeId: number, fieldId: number, start: number, end: number, missing: boolean): boolean {
    const isError = typeId === ERROR_TYPE_ID;
    const type = missing ? "MISSING" : isError ? "ERROR" : this.types[typeId]!;
    const node: SyntaxNode = { type, field: this.fields[fieldId]!, start, end, children: [] };
    if (isError && start >= this.errorEnd) this.noteError(start, end);
    if (missing) this.noteMissing(start);
    this.parent.children.push(node);
    if (this.parents.length >= MAX_TREE_DEPTH) {
      this.cut(node);
      return false;
    }
    this.parents.push(this.parent);
    this.parent = node;
    return true;
  }

  /** The current node is complete. */
  leave(): void {
    this.parent = this.parents.pop()!;
  }

  /** An anonymous token below the current node. */
  token(fieldId: number, start: number, end: number, missing: boolean): void {
    if (missing) this.noteMissing(start);
    if (fieldId !== 0 && this.fields[fieldId] === "operator" && OPERATOR_TYPES.has(this.parent.type)) {
      this.parent.operator = this.text.slice(start, end);
    }
  }

  finish(): PlainTree {
    // Half a function would be read as a whole one.
    for (const node of this.emptied) {
      const body = node.children.find((c) => c.field === "body") ?? node;
      body.children = [];
    }
    return { root: this.root, errors: this.errors, missing: this.missing, tooDeep: this.tooDeep };
  }

  private noteError(start: number, end: number): void {
    this.errors.push({ start, end });
    this.errorEnd = end;
  }

  private noteMissing(start: number): void {
    this.missing++;
    if (start >= this.errorEnd) this.errors.push({ start, end: start });
  }

  private cut(node: SyntaxNode): void {
    const { parents, emptied } = this;
    const owner = parents.find((n) => n.type === "function_definition") ?? parents[1] ?? node;
    if (emptied[emptied.length - 1] === owner) return;
    emptied.push(owner);
    this.tooDeep.push({ start: owner.start, end: owner.end });
  }
}
