/**
 * Which macros of the project the facts of one file can depend on. Keys of cached facts hold a hash of these only, so that an edit
 * in one file does not throw away what is known of all others.
 */
import type { MacroTable } from "../syntax/analyse-file.ts";
import { sha } from "./content-hash.ts";

/** Answers the part of a cache key that stands for macros. */
export class MacroKeys {
  readonly #table: MacroTable;
  readonly #definitions = new Map<string, { hash: string; mentions: string[] }>();
  readonly #includes: string;

  constructor(table: MacroTable) {
    this.#table = table;
    // Which of several definitions a name means depends on who includes whom.
    this.#includes = sha(JSON.stringify([...table.includes]));
  }

  /** Hash over every definition of every macro that `text` names, directly or through the body of another. */
  keyFor(text: string): string {
    const names = new Set<string>();
    const pending = this.#known(text);
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (names.has(name)) continue;
      names.add(name);
      pending.push(...this.#definition(name).mentions);
    }
    const hashes = [...names].sort().map((name) => this.#definition(name).hash);
    return sha(`${this.#includes} ${hashes.join(" ")}`);
  }

  #definition(name: string): { hash: string; mentions: string[] } {
    let known = this.#definitions.get(name);
    if (!known) {
      const all = this.#table.defs.get(name) ?? [];
      known = { hash: sha(JSON.stringify(all)), mentions: all.flatMap((d) => this.#known(d.facts.body)) };
      this.#definitions.set(name, known);
    }
    return known;
  }

  /** The macros of the project among the words of `text`; comments and strings only add to them. */
  #known(text: string): string[] {
    const found = new Set<string>();
    for (const word of words(text)) if (this.#table.defs.has(word)) found.add(word);
    return [...found];
  }
}

/** Everything in `text` that could be an identifier. */
function* words(text: string): Generator<string> {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const c = text.charCodeAt(i);
    const inWord = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57) || c > 127;
    if (inWord && start < 0) start = i;
    else if (!inWord && start >= 0) {
      yield text.slice(start, i);
      start = -1;
    }
  }
}
