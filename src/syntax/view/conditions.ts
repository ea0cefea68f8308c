/**
 * Three-valued evaluation of preprocessor conditions. A value is an interval of the integers it may have: a constant is
 * an interval of one, something unknown is everything. A condition is true if 0 is outside its interval.
 */
import type { Language } from "../../ir/facts.ts";
import type { TargetVersion, Truth } from "./types.ts";

export interface Interval {
  low: number;
  high: number;
}

const UNKNOWN: Interval = { low: -Infinity, high: Infinity };
const FALSE: Interval = { low: 0, high: 0 };
const TRUE: Interval = { low: 1, high: 1 };
const BOOL: Interval = { low: 0, high: 1 };

/** What is known of a macro: not defined; defined with a body to evaluate; or defined or not, nobody knows. */
export type MacroState =
  | { kind: "undefined" }
  | { kind: "defined"; params: string[] | null; body: string }
  | { kind: "value"; value: Interval }
  | { kind: "unknown" };

const UNDEFINED: MacroState = { kind: "undefined" };
const MAYBE: MacroState = { kind: "unknown" };

/**
 * What the free-threaded build of the target defines (patchlevel.h, pyconfig.h), and what the compilers that build it
 * define. Everything about the platform is left unknown.
 */
function predefined(language: Language, target: TargetVersion): Map<string, MacroState> {
  const minor = Number(target.split(".")[1]);
  const hex = (3 << 24) | (minor << 16);
  const value = (low: number, high = low): MacroState => ({ kind: "value", value: { low, high } });
  return new Map<string, MacroState>([
    ["Py_GIL_DISABLED", value(1)],
    ["PY_MAJOR_VERSION", value(3)],
    ["PY_MINOR_VERSION", value(minor)],
    ["PY_MICRO_VERSION", value(0, 99)],
    // Any release of the series, final or later.
    ["PY_VERSION_HEX", value(hex + 0xf0, hex + 0xffff)],
    ["Py_PYTHON_H", value(1)],
    ["WITH_THREAD", value(1)],
    ["Py_USING_UNICODE", UNDEFINED],
    ["Py_LIMITED_API", UNDEFINED],
    ["Py_UNICODE_WIDE", UNDEFINED],
    ["PYPY_VERSION", UNDEFINED],
    ["PYPY_VERSION_NUM", UNDEFINED],
    ["GRAALVM_PYTHON", UNDEFINED],
    ["HPY_ABI_UNIVERSAL", UNDEFINED],
    ["__cplusplus", language === "cpp" ? value(201103, 202400) : UNDEFINED],
    ["__STDC__", language === "cpp" ? MAYBE : value(1)],
    ["__STDC_VERSION__", language === "cpp" ? MAYBE : value(199901, 202400)],
    ["SWIG", UNDEFINED],
    ["__cppcheck__", UNDEFINED],
    ["lint", UNDEFINED],
    ["__lint__", UNDEFINED],
    ["CPPCHECK", UNDEFINED],
  ]);
}

/** The macros known at a place of a file, with undo for conditional code. */
export class MacroEnvironment {
  private readonly states: Map<string, MacroState>;

  constructor(language: Language, target: TargetVersion) {
    this.states = predefined(language, target);
  }

  get(name: string): MacroState {
    return this.states.get(name) ?? MAYBE;
  }

  /** Sets a macro and returns what it was, to be given back to `restore`. */
  set(name: string, state: MacroState): MacroState | undefined {
    const before = this.states.get(name);
    this.states.set(name, state);
    return before;
  }

  restore(name: string, before: MacroState | undefined): void {
    if (before) this.states.set(name, before);
    else this.states.delete(name);
  }

  forget(name: string): void {
    this.states.set(name, MAYBE);
  }

  isDefined(name: string): Truth {
    const state = this.get(name);
    if (state.kind === "undefined") return "false";
    return state.kind === "unknown" ? "unknown" : "true";
  }
}

/** Macro bodies that one condition may evaluate: definitions that double each other would take forever. */
const MAX_EVALUATIONS = 2000;
let evaluations = 0;

/** Truth of `condition` (the rest of an `#if` or `#elif` line, comments removed). Never throws: nonsense is unknown. */
export function evaluate(condition: string, environment: MacroEnvironment): Truth {
  evaluations = 0;
  return truth(evaluateValue(condition, environment, 0, NO_ARGUMENTS));
}

const NO_ARGUMENTS: ReadonlyMap<string, Interval> = new Map();
const MAX_DEPTH = 24;

function evaluateValue(
  body: string,
  environment: MacroEnvironment,
  depth: number,
  args: ReadonlyMap<string, Interval>,
): Interval {
  if (depth > MAX_DEPTH || body.length > 4000 || ++evaluations > MAX_EVALUATIONS) return UNKNOWN;
  const parser = new ConditionParser(body, environment, depth, args);
  const value = parser.parse();
  return value ?? UNKNOWN;
}

function truth(value: Interval): Truth {
  if (value.low === 0 && value.high === 0) return "false";
  return value.low > 0 || value.high < 0 ? "true" : "unknown";
}

function fromTruth(t: Truth): Interval {
  return t === "true" ? TRUE : t === "false" ? FALSE : BOOL;
}

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F']+|0[bB][01']+|[0-9][0-9']*)[uUlLzZ]*|('(?:[^'\\]|\\.)+')|([A-Za-z_$@\u0080-\uffff][\w$@\u0080-\uffff]*)|(&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%<>!~&|^?:(),])|("(?:[^"\\]|\\.)*"|.))/y;

interface ConditionToken {
  kind: "number" | "name" | "operator" | "other" | "end";
  text: string;
  value: number;
}

const PRECEDENCE: Record<string, number> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

class ConditionParser {
  private readonly tokens: ConditionToken[] = [];
  private position = 0;
  private nesting = 0;
  private readonly environment: MacroEnvironment;
  private readonly depth: number;
  private readonly args: ReadonlyMap<string, Interval>;

  constructor(text: string, environment: MacroEnvironment, depth: number, args: ReadonlyMap<string, Interval>) {
    this.environment = environment;
    this.depth = depth;
    this.args = args;
    TOKEN.lastIndex = 0;
    for (let m = TOKEN.exec(text); m && m[0] !== ""; m = TOKEN.exec(text)) {
      if (m[1] !== undefined)
        this.tokens.push({
          kind: "number",
          text: m[1],
          value: Number(m[1].replaceAll("'", "").replace(/^0(?=[0-7])/, "0o")),
        });
      else if (m[2] !== undefined)
        this.tokens.push({ kind: "number", text: m[2], value: m[2].length === 3 ? m[2].charCodeAt(1) : Number.NaN });
      else if (m[3] !== undefined) this.tokens.push({ kind: "name", text: m[3], value: 0 });
      else if (m[4] !== undefined) this.tokens.push({ kind: "operator", text: m[4], value: 0 });
      else if (m[5] !== undefined && m[5].trim() !== "") this.tokens.push({ kind: "other", text: m[5], value: 0 });
      if (TOKEN.lastIndex >= text.length) break;
    }
  }

  parse(): Interval | null {
    const value = this.ternary();
    return this.position === this.tokens.length ? value : null;
  }

  private peek(): ConditionToken {
    return this.tokens[this.position] ?? { kind: "end", text: "", value: 0 };
  }

  private accept(text: string): boolean {
    const token = this.peek();
    if (token.kind !== "operator" || token.text !== text) return false;
    this.position++;
    return true;
  }

  private ternary(): Interval {
    if (++this.nesting > 200) return this.giveUp();
    const condition = this.binary(1);
    if (!this.accept("?")) {
      this.nesting--;
      return condition;
    }
    const yes = this.ternary();
    if (!this.accept(":")) return this.giveUp();
    const no = this.ternary();
    this.nesting--;
    const t = truth(condition);
    if (t !== "unknown") return t === "true" ? yes : no;
    return { low: Math.min(yes.low, no.low), high: Math.max(yes.high, no.high) };
  }

  private binary(minimum: number): Interval {
    let left = this.unary();
    for (;;) {
      const token = this.peek();
      const precedence = token.kind === "operator" ? PRECEDENCE[token.text] : undefined;
      if (precedence === undefined || precedence < minimum) return left;
      this.position++;
      const right = this.binary(precedence + 1);
      left = combine(token.text, left, right);
    }
  }

  private unary(): Interval {
    if (++this.nesting > 200) return this.giveUp();
    const value = this.operand();
    this.nesting--;
    return value;
  }

  private operand(): Interval {
    if (this.accept("!")) {
      const t = truth(this.unary());
      return t === "unknown" ? BOOL : t === "true" ? FALSE : TRUE;
    }
    if (this.accept("-")) {
      const value = this.unary();
      return { low: -value.high, high: -value.low };
    }
    if (this.accept("+")) return this.unary();
    if (this.accept("~")) {
      const value = this.unary();
      return { low: -value.high - 1, high: -value.low - 1 };
    }
    if (this.accept("(")) {
      const value = this.ternary();
      return this.accept(")") ? value : this.giveUp();
    }
    const token = this.peek();
    this.position++;
    if (token.kind === "number")
      return Number.isFinite(token.value) ? { low: token.value, high: token.value } : UNKNOWN;
    if (token.kind === "name") return this.name(token.text);
    return this.giveUp();
  }

  private name(name: string): Interval {
    if (name === "defined") {
      const paren = this.accept("(");
      const token = this.peek();
      if (token.kind !== "name") return this.giveUp();
      this.position++;
      if (paren && !this.accept(")")) return this.giveUp();
      return fromTruth(this.environment.isDefined(token.text));
    }
    if (name === "true") return TRUE;
    if (name === "false") return FALSE;
    const argument = this.args.get(name);
    if (argument) return argument;
    const state = this.environment.get(name);
    const isCall = this.peek().kind === "operator" && this.peek().text === "(";
    if (state.kind === "defined") {
      if (state.params === null) {
        return isCall ? this.skipCall() : evaluateValue(state.body, this.environment, this.depth + 1, NO_ARGUMENTS);
      }
      return isCall ? this.call(state.params, state.body) : UNKNOWN;
    }
    if (isCall) return this.skipCall();
    if (state.kind === "undefined") return FALSE;
    return state.kind === "value" ? state.value : UNKNOWN;
  }

  /** A use of a function-like macro of the file. */
  private call(params: string[], body: string): Interval {
    this.accept("(");
    const values = new Map<string, Interval>();
    let index = 0;
    if (!this.accept(")")) {
      do {
        const value = this.ternary();
        const param = params[index++];
        if (param !== undefined) values.set(param, value);
      } while (this.accept(","));
      if (!this.accept(")")) return this.giveUp();
    }
    return evaluateValue(body, this.environment, this.depth + 1, values);
  }

  /** `__has_include(<x.h>)`, `__has_attribute(x)`, a macro of another file. */
  private skipCall(): Interval {
    let depth = 0;
    for (; this.position < this.tokens.length; this.position++) {
      const text = this.peek().text;
      if (text === "(") depth++;
      else if (text === ")" && --depth === 0) {
        this.position++;
        break;
      }
    }
    return UNKNOWN;
  }

  private giveUp(): Interval {
    this.position = this.tokens.length;
    return UNKNOWN;
  }
}

function isConstant(value: Interval): boolean {
  return value.low === value.high;
}

function combine(operator: string, a: Interval, b: Interval): Interval {
  switch (operator) {
    case "||": {
      const [x, y] = [truth(a), truth(b)];
      return x === "true" || y === "true" ? TRUE : x === "false" && y === "false" ? FALSE : BOOL;
    }
    case "&&": {
      const [x, y] = [truth(a), truth(b)];
      return x === "false" || y === "false" ? FALSE : x === "true" && y === "true" ? TRUE : BOOL;
    }
    case "==":
      return isConstant(a) && isConstant(b) && a.low === b.low ? TRUE : a.high < b.low || b.high < a.low ? FALSE : BOOL;
    case "!=":
      return isConstant(a) && isConstant(b) && a.low === b.low ? FALSE : a.high < b.low || b.high < a.low ? TRUE : BOOL;
    case "<":
      return a.high < b.low ? TRUE : a.low >= b.high ? FALSE : BOOL;
    case "<=":
      return a.high <= b.low ? TRUE : a.low > b.high ? FALSE : BOOL;
    case ">":
      return combine("<", b, a);
    case ">=":
      return combine("<=", b, a);
    case "+":
      return { low: a.low + b.low, high: a.high + b.high };
    case "-":
      return { low: a.low - b.high, high: a.high - b.low };
  }
  if (operator === ">>" && isConstant(b) && b.low >= 0 && a.low >= 0 && b.low < 32) {
    return { low: Math.floor(a.low / 2 ** b.low), high: Math.floor(a.high / 2 ** b.low) };
  }
  if (!isConstant(a) || !isConstant(b) || !Number.isFinite(a.low) || !Number.isFinite(b.low)) return UNKNOWN;
  const value = constant(operator, BigInt(a.low), BigInt(b.low));
  if (value === null || value > 2n ** 64n || value < -(2n ** 64n)) return UNKNOWN;
  return { low: Number(value), high: Number(value) };
}

function constant(operator: string, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case "*":
      return a * b;
    case "/":
      return b === 0n ? null : a / b;
    case "%":
      return b === 0n ? null : a % b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return b < 0n || b > 63n ? null : a << b;
    case ">>":
      return b < 0n || b > 63n ? null : a >> b;
  }
  return null;
}
