/** What the writers of generated functions have in common: chance, lines, the way out. */

/** Numbers from a seed, the same on every machine (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Scope {
  /** Variables that hold an object at this point for certain. */
  live: Set<string>;
  /** `continue` and `break` have a meaning here. */
  inLoop: boolean;
  inSwitch: boolean;
  depth: number;
}

/** The lines of one function, and the choices that hold for all of it. */
export class FunctionLines {
  protected readonly next: () => number;
  protected readonly lines: string[] = [];
  protected readonly usesLabel: boolean;
  protected readonly hasResult: boolean;
  protected readonly braces: boolean;
  protected readonly variables = ["a", "b", "c"];
  protected readonly used = new Set<string>();
  protected names = 0;
  protected labelUsed = false;

  constructor(seed: number) {
    this.next = random(seed);
    this.usesLabel = this.chance(0.5);
    this.hasResult = this.usesLabel && this.chance(0.6);
    this.braces = this.chance(0.6);
  }

  protected below(n: number): number {
    return Math.floor(this.next() * n);
  }

  protected chance(p: number): boolean {
    return this.next() < p;
  }

  protected pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  protected put(scope: Scope, text: string): void {
    this.lines.push(`${"    ".repeat(scope.depth)}${text}`);
  }

  protected fail(): string {
    if (!this.usesLabel) return "return NULL;";
    this.labelUsed = true;
    return "goto error;";
  }

  /** `if (condition)` with one statement, with or without braces. */
  protected guarded(scope: Scope, condition: string, statement: string): void {
    if (this.braces) {
      this.put(scope, `if (${condition}) {`);
      this.put(scope, `    ${statement}`);
      this.put(scope, "}");
    } else {
      this.put(scope, `if (${condition})`);
      this.put(scope, `    ${statement}`);
    }
  }

  protected variable(): string {
    const name = this.pick(this.variables);
    this.used.add(name);
    return name;
  }

  protected isNull(v: string): string {
    return this.chance(0.7) ? `${v} == NULL` : `!${v}`;
  }

  protected isSet(v: string): string {
    return this.chance(0.7) ? `${v} != NULL` : v;
  }
}
