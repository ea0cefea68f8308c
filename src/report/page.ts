/** What the parts of the text report share. */
import type { createColors } from "picocolors";
import type { Risk } from "../rule-api/types.ts";
import type { SourceLines } from "./source.ts";

export interface TextOptions {
  /** Mildest risk to show. */
  risk: Risk;
  color: boolean;
  /** Width of the terminal; the report uses at most 100 columns. */
  columns: number;
  /** Findings only. */
  quiet: boolean;
  /** Also frames and evidence of low findings, every problem, and timing. */
  verbose: boolean;
}

export type Colors = ReturnType<typeof createColors>;

/** What every part of the report needs. */
export interface Page {
  c: Colors;
  columns: number;
  options: TextOptions;
  source: SourceLines;
}

export function paintRisk(c: Colors, risk: Risk, text: string): string {
  return risk === "high"
    ? c.red(text)
    : risk === "medium"
      ? c.yellow(text)
      : risk === "low"
        ? c.blue(text)
        : c.dim(text);
}
