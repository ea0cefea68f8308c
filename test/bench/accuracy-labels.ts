/** The labels of the accuracy bench: places that real ports had to change. The format is described in docs/accuracy.md. */
import { readFileSync } from "node:fs";
import type { Finding } from "../../src/rule-api/types.ts";

export type LabelClass = "borrowed" | "slot" | "section" | "global" | "alloc" | "refcnt";

export interface Label {
  repo: string;
  parent: string;
  fix: string;
  file: string;
  line: number;
  function: string;
  cls: LabelClass;
  subclass: string;
  symbol: string;
  note: string;
  init_only: boolean;
  weak: boolean;
}

/** Families whose findings answer a label of the class. */
const FAMILIES: Record<LabelClass, readonly string[]> = {
  borrowed: ["borrowed"],
  slot: ["module"],
  section: ["locking", "globals", "borrowed"],
  global: ["globals"],
  alloc: ["memory"],
  refcnt: ["locking", "borrowed"],
};

/** @throws Error if the file is not an array of labels. */
export function readLabels(path: string): Label[] {
  const labels: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(labels)) throw new Error(`${path}: an array of labels is expected`);
  return labels as Label[];
}

export interface Match {
  /** `finding`: the finding itself is there; `evidence`: a step of its evidence is. */
  by: "finding" | "evidence";
  finding: Finding;
}

/** The finding that reports `label`, or undefined. `info` findings count only for places that are init-only. */
export function findMatch(label: Label, findings: readonly Finding[]): Match | undefined {
  const families = FAMILIES[label.cls];
  const candidates = findings.filter((f) => families.includes(f.family) && (f.risk !== "info" || label.init_only));
  if (label.cls === "slot") {
    const finding = candidates.find((f) => f.file === label.file || f.evidence.some((e) => e.file === label.file));
    return finding && { by: "finding", finding };
  }
  if (label.cls === "global") {
    const finding = candidates.find((f) => f.symbol === label.symbol && sameFile(f.file, label.file));
    return finding && { by: "finding", finding };
  }
  const direct = candidates.find((f) => sameFile(f.file, label.file) && sameFunction(f.function, label.function));
  if (direct) return { by: "finding", finding: direct };
  const step = candidates.find((f) =>
    f.evidence.some(
      (e) => e.isAccess && sameFile(e.file, label.file) && sameFunction(e.function ?? "", label.function),
    ),
  );
  return step && { by: "evidence", finding: step };
}

function sameFile(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

/** Labels give plain names; functions of the audit may be qualified, or made by a macro. */
function sameFunction(a: string, b: string): boolean {
  return a === b || (b !== "" && a.endsWith(`::${b}`));
}
