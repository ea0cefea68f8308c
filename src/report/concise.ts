/** One line a finding, for eyes that know the rules, for `grep`, and for editors that read compilers' messages. */
import { createColors } from "picocolors";
import type { Problem } from "../ir/facts.ts";
import { paintRisk } from "./page.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { headline, hiddenCounts, problemCount } from "./totals.ts";
import { visible } from "./visible.ts";

export const reporter: Reporter = { defaultRisk: "low", render: renderConcise };

function renderConcise(input: ReportInput): string {
  const { result, paths, terminal } = input;
  const c = createColors(terminal.color);
  const shown = shownFindings(input);
  const lines = shown.map((f) => {
    const place = c.cyan(`${visible(paths.shown(f.file))}:${f.line}:${f.column}`);
    return `${place}: ${paintRisk(c, f.risk, f.risk)} ${c.bold(f.rule)} ${visible(f.message)}`;
  });
  if (!terminal.quiet) {
    if (terminal.verbose) lines.push(...result.problems.map((p) => c.dim(problemLine(input, p))));
    lines.push(totalLine(input, shown.length));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function problemLine({ paths }: ReportInput, { file, line, kind, skipped, message }: Problem): string {
  const place = file === "" ? [] : [visible(paths.shown(file)), line ?? []].flat();
  return [...place, ` ${skipped ? "skipped" : "doubt"} ${kind} ${visible(message)}`].join(":").trimStart();
}

function totalLine(input: ReportInput, shown: number): string {
  const problems = problemCount(input.result);
  const listed = input.terminal.verbose ? "" : " (--verbose lists them)";
  const sentences = [headline(input.result.summary), ...hiddenCounts(input, shown, input.paths.shown)];
  return [...sentences, problems && `${problems}${listed}.`].filter((s) => s !== "").join(" ");
}
