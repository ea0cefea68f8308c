/**
 * NumPy's `.src` templates, read as the templates that they are. A variable `@name@` is an identifier, unless the repeat
 * block gives it operators: then the first of them stands for all.
 */
import type { Overlay } from "./buffer.ts";
import { NUMBER, type Tokens } from "./lexer.ts";

const MARKS = /\/\*\*begin repeat\d*[\s\S]*?\*\/|\/\*\*end repeat\d*\s*\*\*\/|@\w+@/g;
const VARIABLE = /#\s*(\w+)\s*=\s*([^#]*)#/g;

/** `text` with every variable that stands for an operator replaced by one; same length. */
export function templateOperators(text: string): string {
  const blocks: Map<string, string>[] = [];
  return text.replace(MARKS, (mark) => {
    if (mark.startsWith("/**begin")) {
      blocks.push(operatorsOf(mark));
      return mark;
    }
    if (mark.startsWith("/**end")) {
      blocks.pop();
      return mark;
    }
    const name = mark.slice(1, -1);
    for (let i = blocks.length - 1; i >= 0; i--) {
      const operator = blocks[i]!.get(name);
      // An empty text: the variable is known, and no operator.
      if (operator !== undefined)
        return operator === "" || operator.length > mark.length ? mark : operator.padStart(mark.length);
    }
    return mark;
  });
}

/** Variables of a repeat block with their first operator, or "" if their values are no operators. */
function operatorsOf(comment: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, values] of comment.matchAll(VARIABLE)) {
    const isOperator = /^[^\w@"'(){}[\];]+$/.test(values!);
    const first = values!
      .split(",")
      .map((value) => value.trim())
      .find((value) => value !== "");
    found.set(name!, isOperator && first ? first : "");
  }
  return found;
}

/** Writes `_` for the `@` that are left: `@type@_add` is an identifier. Behind a number (`1.0@c@`) the variable is a suffix and goes. */
export function hideTemplateMarks(text: string, tokens: Tokens, out: Overlay): void {
  for (let k = 0; k < tokens.n; k++) {
    if (tokens.kind[k] !== NUMBER) continue;
    const at = text.indexOf("@", tokens.start[k]!);
    if (at < 0) break;
    if (at < tokens.end[k]!) out.blank(at, tokens.end[k]!);
  }
  for (let i = text.indexOf("@"); i >= 0; i = text.indexOf("@", i + 1)) if (out.units[i] === 64) out.units[i] = 95;
}
