/**
 * Walks the statements in which a reference lives, with every way in which execution can get to each (state.ts). The walk is over the
 * syntax, because that is what is edited; what calls do to references comes from the analyses (events.ts).
 */
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { keyOf, type ReferenceEvent } from "./events.ts";
import { has, isHeld, mapWays, NO_WAY, only, type Ways, way } from "./state.ts";

export interface PathsRequest {
  source: FixSource;
  events: ReadonlyMap<string, readonly ReferenceEvent[]>;
  /** Increments that are taken away: each releases the new reference. */
  removed: ReadonlySet<ReferenceEvent>;
  /** Names of variables that hold the object, wherever they are in the statements. */
  holders: ReadonlySet<string>;
  /** The object is there for certain once the call has run: the edited text leaves otherwise. */
  nonNull: boolean;
  /** A name that stands for NULL in tests of the object. */
  nothing?: string;
  /** The reference has a variable of its own, so that the one of the present code can get another value at any time. */
  isNew: boolean;
  /** The variable of the present code may come with another object. */
  isOtherBefore: boolean;
}

export interface Exit {
  statement: SyntaxNode;
  ways: Ways;
}

export interface Walked {
  /** How the end of the last statement is reached. */
  end: Ways;
  /** `return`, `goto`, `break`, `continue` and macros that leave the statements. */
  exits: Exit[];
  /** Set if something is not understood. */
  reason?: string;
  /** The call runs again while its reference is still held. */
  renewed: boolean;
}

/** Statement macros that return, whatever happens. */
const RETURNS: ReadonlySet<string> = new Set([
  "Py_RETURN_NONE",
  "Py_RETURN_TRUE",
  "Py_RETURN_FALSE",
  "Py_RETURN_NOTIMPLEMENTED",
  "Py_RETURN_RICHCOMPARE",
  "Py_RETURN_NAN",
  "Py_RETURN_INF",
]);

/** Walks `statements` (neighbours in one block), entered in the given ways. */
export function walkPaths(request: PathsRequest, statements: readonly SyntaxNode[], enter: Ways): Walked {
  return new Walk(request, statements).run(enter);
}

class Walk {
  private readonly request: PathsRequest;
  private readonly statements: readonly SyntaxNode[];
  private readonly exits = new Map<SyntaxNode, Ways>();
  private readonly labels = new Map<string, Ways>();
  private breaks: { ways: Ways } | undefined;
  private continues: { ways: Ways } | undefined;
  private reason: string | undefined;
  private renewed = false;

  constructor(request: PathsRequest, statements: readonly SyntaxNode[]) {
    this.request = request;
    this.statements = statements;
    const collect = (node: SyntaxNode) => {
      const label = node.type === "labeled_statement" ? child(node, "label") : undefined;
      if (label !== undefined) this.labels.set(this.text(label), NO_WAY);
      node.children.forEach(collect);
    };
    statements.forEach(collect);
  }

  run(enter: Ways): Walked {
    let end = NO_WAY;
    let before = "";
    // Jumps back to a label inside need another round.
    do {
      before = [...this.labels.values()].join();
      end = this.sequence(this.statements, enter);
    } while ([...this.labels.values()].join() !== before);
    const exits = [...this.exits].map(([statement, ways]) => ({ statement, ways }));
    return { end, exits, reason: this.reason, renewed: this.renewed };
  }

  private text(node: SyntaxNode): string {
    return this.request.source.textOf(node);
  }

  private sequence(statements: readonly SyntaxNode[], enter: Ways): Ways {
    let ways = enter;
    for (const s of statements) ways = this.statement(s, ways);
    return ways;
  }

  private leave(statement: SyntaxNode, ways: Ways): Ways {
    this.exits.set(statement, (this.exits.get(statement) ?? NO_WAY) | ways);
    return NO_WAY;
  }

  private statement(node: SyntaxNode, ways: Ways): Ways {
    switch (node.type) {
      case "compound_statement":
        return this.sequence(node.children, ways);
      case "expression_statement":
        return this.isReturnMacro(node) ? this.leave(node, ways) : this.inside(node, ways);
      case "if_statement":
        return this.branch(node, ways);
      case "while_statement":
        return this.loop(node, undefined, child(node, "condition"), undefined, ways);
      case "for_statement":
        return this.loop(node, child(node, "initializer"), child(node, "condition"), child(node, "update"), ways);
      case "for_range_loop":
        return this.loop(node, child(node, "right"), undefined, undefined, ways, true);
      case "do_statement":
        return this.doLoop(node, ways);
      case "switch_statement":
        return this.switched(node, ways);
      case "case_statement":
        return this.sequence(
          node.children.filter((c) => c.field !== "value"),
          ways,
        );
      case "labeled_statement": {
        const label = this.text(child(node, "label")!);
        const joined = ways | (this.labels.get(label) ?? NO_WAY);
        return this.sequence(
          node.children.filter((c) => c.field !== "label"),
          joined,
        );
      }
      case "return_statement":
        return this.leave(node, this.own(node, this.inside(node, ways)));
      case "goto_statement": {
        const label = child(node, "label");
        const name = label === undefined ? "" : this.text(label);
        const inner = this.labels.get(name);
        if (inner === undefined) return this.leave(node, ways);
        this.labels.set(name, inner | ways);
        return NO_WAY;
      }
      case "break_statement":
        if (this.breaks === undefined) return this.leave(node, ways);
        this.breaks.ways |= ways;
        return NO_WAY;
      case "continue_statement":
        if (this.continues === undefined) return this.leave(node, ways);
        this.continues.ways |= ways;
        return NO_WAY;
      case "else_clause":
        return this.sequence(node.children, ways);
      case "ERROR":
      case "try_statement":
      case "throw_statement":
      case "function_definition":
        this.reason ??= `a \`${node.type}\` is in the way`;
        return ways;
      default:
        return this.expression(node, ways);
    }
  }

  private isReturnMacro(node: SyntaxNode): boolean {
    const inner = node.children[0];
    const name = inner?.type === "call_expression" ? child(inner, "function") : inner;
    return name?.type === "identifier" && RETURNS.has(this.text(name));
  }

  private branch(node: SyntaxNode, ways: Ways): Ways {
    const condition = child(node, "condition");
    const [yes, no] = condition === undefined ? [ways, ways] : this.condition(condition, ways);
    const consequence = child(node, "consequence");
    const alternative = child(node, "alternative");
    const then = consequence === undefined ? yes : this.statement(consequence, yes);
    return then | (alternative === undefined ? no : this.statement(alternative, no));
  }

  private loop(
    node: SyntaxNode,
    init: SyntaxNode | undefined,
    condition: SyntaxNode | undefined,
    update: SyntaxNode | undefined,
    ways: Ways,
    ends = condition !== undefined,
  ): Ways {
    const body = child(node, "body");
    const { breaks, continues } = this;
    const left = { ways: NO_WAY };
    let head = init === undefined ? ways : this.statement(init, ways);
    let out = NO_WAY;
    for (let before = -1; before !== head; ) {
      before = head;
      const next = { ways: NO_WAY };
      this.breaks = left;
      this.continues = next;
      const [yes, no] = condition === undefined ? [head, ends ? head : NO_WAY] : this.condition(condition, head);
      out = no;
      const round = (body === undefined ? yes : this.statement(body, yes)) | next.ways;
      head |= update === undefined ? round : this.expression(update, round);
    }
    this.breaks = breaks;
    this.continues = continues;
    return out | left.ways;
  }

  private doLoop(node: SyntaxNode, ways: Ways): Ways {
    const body = child(node, "body");
    const condition = child(node, "condition");
    const { breaks, continues } = this;
    const left = { ways: NO_WAY };
    let head = ways;
    let out = NO_WAY;
    for (let before = -1; before !== head; ) {
      before = head;
      const next = { ways: NO_WAY };
      this.breaks = left;
      this.continues = next;
      const round = (body === undefined ? head : this.statement(body, head)) | next.ways;
      const [yes, no] = condition === undefined ? [round, round] : this.condition(condition, round);
      head |= yes;
      out = no;
    }
    this.breaks = breaks;
    this.continues = continues;
    return out | left.ways;
  }

  private switched(node: SyntaxNode, enter: Ways): Ways {
    const condition = child(node, "condition");
    const body = child(node, "body");
    const ways = condition === undefined ? enter : this.expression(condition, enter);
    const { breaks } = this;
    const left = { ways: NO_WAY };
    this.breaks = left;
    let hasDefault = false;
    let now = NO_WAY;
    for (const c of body?.children ?? []) {
      if (c.type === "case_statement") {
        hasDefault ||= child(c, "value") === undefined;
        now |= ways;
      }
      now = this.statement(c, now);
    }
    this.breaks = breaks;
    return now | left.ways | (hasDefault ? NO_WAY : ways);
  }

  /** The children of a node in order, as expressions. */
  private inside(node: SyntaxNode, ways: Ways): Ways {
    let now = ways;
    for (const c of node.children) now = this.expression(c, now);
    return now;
  }

  private expression(node: SyntaxNode, ways: Ways): Ways {
    if (node.type === "binary_expression" && (node.operator === "&&" || node.operator === "||")) {
      const [yes, no] = this.condition(node, ways);
      return yes | no;
    }
    if (node.type === "conditional_expression") {
      const [condition, then, otherwise] = ["condition", "consequence", "alternative"].map((f) => child(node, f));
      const [yes, no] = condition === undefined ? [ways, ways] : this.condition(condition, ways);
      const first = then === undefined ? yes : this.expression(then, yes);
      return this.own(node, first | (otherwise === undefined ? no : this.expression(otherwise, no)));
    }
    if (node.type === "lambda_expression") {
      this.reason ??= "a lambda is in the way";
      return ways;
    }
    if (node.type === "compound_statement") return this.statement(node, ways);
    const now = this.inside(node, ways);
    return node.children.some((c) => c.start === node.start && c.end === node.end) ? now : this.own(node, now);
  }

  /** What the node itself does, after its parts. */
  private own(node: SyntaxNode, ways: Ways): Ways {
    let now = ways;
    for (const event of this.request.events.get(keyOf(node)) ?? []) now = this.apply(event, now);
    return now;
  }

  private apply(event: ReferenceEvent, ways: Ways): Ways {
    if (event.kind === "lend") {
      if (ways === NO_WAY) return ways;
      this.renewed ||= isHeld(ways);
      return this.request.nonNull ? way("held") : way("held") | way("null");
    }
    if (event.kind === "replace") return this.replaced(ways);
    const isRemoved = this.request.removed.has(event);
    // A return hands on whatever the variable holds: that has become an own reference where it was assigned.
    const isMove = event.use === undefined;
    if (isRemoved && !isMove && this.holdsOther(ways)) this.reason ??= "an increment is for other objects as well";
    return mapWays(ways, (status, balance) => {
      if (!["held", "given"].includes(status)) return way(status, balance);
      switch (event.kind) {
        case "add":
          return way(isRemoved ? "given" : status, balance + 1);
        case "clear":
          // What the variable holds from now on is none of ours, and nothing is left to be done with the reference.
          return status === "given" && balance === 1 && !this.request.isNew ? way("other") : way(status, balance - 1);
        case "drop":
          return way(status, balance - 1);
        default:
          return way(status, balance) | way(status, balance - 1);
      }
    });
  }

  private holdsOther(ways: Ways): boolean {
    return has(ways, "other") || has(ways, "apart") || (this.request.isOtherBefore && has(ways, "before"));
  }

  /** The variable of the present code gets something else. */
  private replaced(ways: Ways): Ways {
    const { isNew } = this.request;
    return mapWays(ways, (status, balance) => {
      switch (status) {
        case "held":
          if (!isNew) this.reason ??= "the variable gets another value while the reference is in it";
          return way("apart", balance);
        case "given":
          // With a variable of its own the reference would seem to be there still.
          if (isNew) this.reason ??= "the variable gets another value after the reference was handed on";
          return balance < 0 ? way(status, balance) : way("other");
        case "before":
          return isNew ? way(status, balance) : way("other");
        case "null":
          return way("other");
        default:
          return way(status, balance);
      }
    });
  }

  /** The ways in which the condition is true, and false. */
  private condition(node: SyntaxNode, ways: Ways): [Ways, Ways] {
    const [only1] = node.children;
    switch (node.type) {
      case "parenthesized_expression":
        return only1 === undefined ? [ways, ways] : this.condition(only1, ways);
      case "condition_clause": {
        const value = child(node, "value") ?? node.children[node.children.length - 1];
        const others = node.children.filter((c) => c !== value);
        const now = this.sequence(others, ways);
        return value === undefined ? [now, now] : this.condition(value, now);
      }
      case "unary_expression":
        if (node.operator === "!" && only1 !== undefined) {
          const [yes, no] = this.condition(only1, ways);
          return [no, yes];
        }
        break;
      case "binary_expression": {
        const left = child(node, "left")!;
        const right = child(node, "right")!;
        if (node.operator === "&&") {
          const [yes, no] = this.condition(left, ways);
          const [yes2, no2] = this.condition(right, yes);
          return [yes2, no | no2];
        }
        if (node.operator === "||") {
          const [yes, no] = this.condition(left, ways);
          const [yes2, no2] = this.condition(right, no);
          return [yes | yes2, no2];
        }
        if (node.operator === "==" || node.operator === "!=") {
          const subject = this.isNull(right) ? left : this.isNull(left) ? right : undefined;
          if (subject === undefined || !this.isHolder(subject)) break;
          const [some, none] = this.tested(this.expression(node, ways));
          return node.operator === "==" ? [none, some] : [some, none];
        }
        break;
      }
      case "call_expression": {
        const name = child(node, "function");
        const args = child(node, "arguments")?.children ?? [];
        if (name !== undefined && args.length === 1 && this.text(name).toLowerCase().endsWith("likely")) {
          return this.condition(args[0], ways);
        }
        if (name !== undefined && this.isNoneTest(name, args)) {
          const [some, none] = this.tested(this.expression(node, ways));
          return [none, some];
        }
        break;
      }
      case "number_literal":
      case "true":
      case "false":
        return this.text(node) === "0" || node.type === "false" ? [NO_WAY, ways] : [ways, NO_WAY];
    }
    const now = this.expression(node, ways);
    return this.isHolder(node) ? this.tested(now) : [now, now];
  }

  private isNoneTest(name: SyntaxNode, args: readonly SyntaxNode[]): boolean {
    if (this.request.nothing !== "Py_None" || this.text(name) !== "Py_IsNone") return false;
    return args.length === 1 && this.isHolder(args[0]);
  }

  private tested(ways: Ways): [Ways, Ways] {
    return [only(ways, "held", "given", "before", "apart", "other"), only(ways, "null", "before", "apart", "other")];
  }

  private isNull(node: SyntaxNode): boolean {
    if (node.type === "identifier") return this.text(node) === this.request.nothing;
    return node.type === "null" || (node.type === "number_literal" && this.text(node) === "0");
  }

  /** True for an expression whose value is the reference. */
  private isHolder(node: SyntaxNode): boolean {
    switch (node.type) {
      case "identifier":
        return this.request.holders.has(this.text(node));
      case "parenthesized_expression":
        return node.children.length === 1 && this.isHolder(node.children[0]);
      case "cast_expression":
        return this.isHolder(child(node, "value")!);
      case "assignment_expression":
        return node.operator === "=" && this.isHolder(child(node, "left")!);
      case "call_expression":
        return (this.request.events.get(keyOf(node)) ?? []).some((e) => e.kind === "lend");
      default:
        return false;
    }
  }
}
