/** Reads what a sample file says about itself; samples/README.md explains the comments. */

export interface Expectation {
  rule: string;
  /** One-based. */
  line: number;
}

export interface SampleOptions {
  target: string;
  /** `unknown`: nothing says which Pythons are supported. */
  minPython: string;
  risk: string;
  build: "both" | "gil" | "ft";
  /** The level that `fix` is asked for. */
  fix: "safe" | "review";
}

const EXPECT = /(?:\/\*|\/\/|#)\s*expect:\s*([a-z0-9, -]+?)\s*(?:\*\/|$)/g;
const OPTIONS = /^(?:\/\*|\/\/|#)\s*ungil-sample:\s*(.*?)\s*(?:\*\/)?$/;

/** The annotated findings of a file, in order. */
export function readExpectations(text: string): Expectation[] {
  return text
    .split(/\r?\n/)
    .flatMap((content, index) =>
      [...content.matchAll(EXPECT)].flatMap((match) =>
        match[1].split(",").map((rule) => ({ rule: rule.trim(), line: index + 1 })),
      ),
    );
}

/** The options of the first line; throws on one that does not exist. */
export function readOptions(text: string): SampleOptions {
  const options: SampleOptions = { target: "3.14", minPython: "3.9", risk: "medium", build: "both", fix: "safe" };
  const words = OPTIONS.exec(text.split(/\r?\n/, 1)[0])?.[1].split(/\s+/) ?? [];
  for (const word of words) {
    const [name, value] = word.split("=");
    if (name === "target") options.target = value;
    else if (name === "min-python") options.minPython = value;
    else if (name === "risk") options.risk = value;
    else if (name === "build" && (value === "gil" || value === "ft")) options.build = value;
    else if (name === "fix" && (value === "safe" || value === "review")) options.fix = value;
    else throw new Error(`unknown sample option: ${word}`);
  }
  return options;
}
