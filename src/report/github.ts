/**
 * Workflow commands, which GitHub Actions turns into annotations of lines. The escapes are those of the runner
 * (`ActionCommand` in actions/runner); everything that it would drop is not written.
 */
import type { Problem } from "../ir/facts.ts";
import { type Finding, RISKS, type Risk } from "../rule-api/types.ts";
import type { ReportPaths } from "./paths.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { headline, hiddenCounts, problemCount } from "./totals.ts";
import { visible } from "./visible.ts";

type Level = "error" | "warning" | "notice";

const LEVELS: Record<Risk, Level> = { high: "error", medium: "warning", low: "notice", info: "notice" };

/** GitHub shows no more of one level for a step. */
const SHOWN_A_LEVEL = 10;

export const reporter: Reporter = { defaultRisk: "low", render: renderGithub };

function renderGithub(input: ReportInput): string {
  const { result, paths, terminal } = input;
  const shown = shownFindings(input);
  const worstFirst = [...shown].sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  const commands = [
    ...worstFirst.map((f) => findingCommand(f, paths)),
    ...result.problems.map((p) => problemCommand(p, paths)),
  ];
  const lines = commands.map((c) => c.text);
  if (!terminal.quiet) lines.push(totalLine(input, shown.length, commands));
  return lines.map((line) => `${line}\n`).join("");
}

interface Command {
  level: Level;
  text: string;
}

function findingCommand(f: Finding, paths: ReportPaths): Command {
  const properties = {
    file: paths.inRepository(f.file),
    line: f.line,
    endLine: f.endLine,
    // The runner takes columns only for a place in one line.
    ...(f.line === f.endLine ? { col: f.column, endColumn: f.endColumn } : {}),
    title: `ungil: ${f.rule} (${f.risk})`,
  };
  const fix = f.fix === null ? "" : `\nFix (${f.fix.level}): ${visible(f.fix.title)}`;
  return command(LEVELS[f.risk], properties, visible(f.message) + fix);
}

function problemCommand({ file, line, kind, skipped, message }: Problem, paths: ReportPaths): Command {
  const properties = {
    ...(file === "" ? {} : { file: paths.inRepository(file), line: line ?? 1 }),
    title: `ungil: ${skipped ? "not audited" : "in doubt"} (${kind})`,
  };
  // Leaving generated code out is the intended thing to do.
  return command(skipped && kind !== "generated" ? "warning" : "notice", properties, visible(message));
}

function command(level: Level, properties: Record<string, string | number>, data: string): Command {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(visible(String(value)))}`);
  return { level, text: `::${level} ${list.join(",")}::${escapeData(data)}` };
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** No command, so only in the log. */
function totalLine(input: ReportInput, shown: number, commands: readonly Command[]): string {
  const problems = problemCount(input.result);
  const sentences = [
    headline(input.result.summary),
    ...hiddenCounts(input, shown, input.paths.inRepository),
    problems && `${problems}.`,
  ];
  const crowded = Object.values(LEVELS).some((l) => commands.filter((c) => c.level === l).length > SHOWN_A_LEVEL);
  if (crowded) {
    sentences.push(`GitHub shows the first ${SHOWN_A_LEVEL} errors, warnings and notices each; all are in this log.`);
  }
  return sentences.filter((s) => s !== "").join(" ");
}
