/** Values of GitHub's expressions, as far as the matrix of the job gives them. */
import type { Setting } from "./types.ts";

/** Combinations that are looked at; a selector of wheels needs far fewer. */
const MOST = 500;
/** Longer values select nothing that a person wrote. */
const LONGEST = 5000;

/**
 * The texts that `value` can become. `matrix.x`, `matrix.x[0]` and `matrix.x.y` are filled in, literals in other expressions are
 * taken as they are; undefined if an expression leaves nothing to go by.
 */
export function expanded(value: string, job: readonly Setting[]): string[] | undefined {
  if (value.length > LONGEST) return undefined;
  // Variables of a shell have the values of another moment.
  if (/\$(?:\w|\{(?!\{))/.test(value)) return undefined;
  let texts = [""];
  let at = 0;
  for (const match of value.matchAll(/\$\{\{([\s\S]*?)\}\}/g)) {
    const choices = valuesOf(match[1].trim(), job);
    if (choices === undefined) return undefined;
    const before = value.slice(at, match.index);
    texts = texts.flatMap((text) => choices.map((choice) => text + before + choice)).slice(0, MOST);
    at = match.index + match[0].length;
  }
  return texts.map((text) => text + value.slice(at));
}

function valuesOf(expression: string, job: readonly Setting[]): string[] | undefined {
  const reference = /^matrix\.([\w-]+)((?:\.[\w-]+|\[\d+\])*)$/.exec(expression);
  if (reference) {
    const inner = [...reference[2].matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? index);
    const values = matrixValues(job, reference[1], inner);
    return values.length > 0 ? values : undefined;
  }
  const literals = [...expression.matchAll(/'([^']*)'/g)].map(([, text]) => text);
  const parts = [...expression.matchAll(/matrix\.([\w-]+)/g)].flatMap(([, key]) => matrixValues(job, key, []));
  // `a == 'x' && 'y' || 'z'`: what is compared is no value.
  const compared = new Set([...expression.matchAll(/[=!]=\s*'([^']*)'/g)].map(([, text]) => text));
  const isChoice = /&&|\|\|/.test(expression);
  // What a function computes is not known, what stands in for it is: nothing.
  if (/\bformat\(/.test(expression)) return /\|\|\s*(?:null|'')$/.test(expression) ? [""] : undefined;
  const values = [...literals.filter((l) => isChoice && !compared.has(l)), ...(isChoice ? parts : [])];
  return values.length > 0 ? [...new Set(values)] : undefined;
}

/** What a key of the matrix can be, in the lists and in `include`. */
function matrixValues(job: readonly Setting[], key: string, inner: readonly string[]): string[] {
  const values = job.flatMap(({ path, value }) => {
    const at = path.indexOf("matrix");
    if (at < 0 || path[at - 1] !== "strategy") return [];
    const rest = path.slice(at + 1);
    const own = rest[0] === "include" ? rest.slice(2) : rest;
    if (own[0] !== key) return [];
    // Lists have the number of the element between the key and what is inside of it.
    const tail = rest[0] === "include" ? own.slice(1) : own.slice(2);
    return tail.join("\0") === inner.join("\0") ? [value] : [];
  });
  return [...new Set(values)];
}
