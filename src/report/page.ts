/** What the parts of the text report share. */
import type { createColors } from "picocolors";
import type { Risk } from "../rule-api/types.ts";
import type { ReportInput } from "./reporter.ts";
import type { SourceLines } from "./source.ts";

export type Colors = ReturnType<typeof createColors>;

/** What every part of the report needs. */
export interface Page {
  c: Colors;
  columns: number;
  input: ReportInput;
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
