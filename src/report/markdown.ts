/** Markdown for comments on pull requests and summaries of jobs: totals first, the worst findings first, evidence folded. */
import type { Problem } from "../ir/facts.ts";
import { FAMILIES, type Finding, RISKS, type Risk } from "../rule-api/types.ts";
import { code, prose } from "./markdown-text.ts";
import { beginsWithFunction, type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { findingCount, headline, hiddenCounts, plural, problemCount, riskCounts } from "./totals.ts";

/** GitHub takes comments of 65,536 characters; a little is left for what others write around the report. */
const LIMIT = 64_000;
const SHOWN_PROBLEMS = 20;

export const reporter: Reporter = { defaultRisk: "low", render: renderMarkdown };

function renderMarkdown(input: ReportInput): string {
  const shown = shownFindings(input);
  const head = headLines(input, shown.length);
  const tail = problemLines(input);
  const room = LIMIT - length([...head, ...tail]);
  const sections = sectionsOf(shown);
  const full = findingLines(input, sections, Number.POSITIVE_INFINITY, detailLines);
  const body = length(full) <= room ? full : shortened(input, sections, room);
  return `${[...head, ...body, ...tail].join("\n").trimEnd()}\n`;
}

function length(lines: readonly string[]): number {
  return lines.reduce((n, line) => n + line.length + 1, 0);
}

function headLines(input: ReportInput, shown: number): string[] {
  const { summary } = input.result;
  const all = findingCount(summary);
  const hidden = hiddenCounts(input, shown, input.paths.inRepository).map(prose).join(" ");
  return [
    "## ungil",
    "",
    `**${headline(summary)}**`,
    ...(hidden === "" ? [] : ["", hidden]),
    "",
    ...(all === 0 ? [] : familyTable(input)),
  ];
}

function familyTable({ result: { summary } }: ReportInput): string[] {
  const row = (name: string, risks: Record<Risk, number>) =>
    `| ${[name, ...RISKS.map((r) => (risks[r] === 0 ? "" : risks[r]))].join(" | ")} |`;
  return [
    `| Family | ${RISKS.join(" | ")} |`,
    `| --- |${RISKS.map(() => " ---: |").join("")}`,
    ...FAMILIES.filter((f) => RISKS.some((r) => summary.families[f][r] > 0)).map((f) => row(f, summary.families[f])),
    row("**all**", summary.risks),
    "",
  ];
}

interface Section {
  risk: Risk;
  file: string;
  findings: Finding[];
}

/** By risk, worst first, then by file. */
function sectionsOf(findings: readonly Finding[]): Section[] {
  const sections = new Map<string, Section>();
  for (const risk of RISKS) {
    for (const f of findings) {
      if (f.risk !== risk) continue;
      const key = `${risk} ${f.file}`;
      const section = sections.get(key) ?? { risk, file: f.file, findings: [] };
      section.findings.push(f);
      sections.set(key, section);
    }
  }
  return [...sections.values()];
}

/** The findings that `room` characters hold, without their evidence, and a word on the others. */
function shortened(input: ReportInput, sections: readonly Section[], room: number): string[] {
  const note = "Evidence and fixes are left out, for the length of the report.";
  return [note, "", ...findingLines(input, sections, room - note.length - 2, () => [])];
}

/** Stops before the finding that `room` does not hold. */
function findingLines(
  input: ReportInput,
  sections: readonly Section[],
  room: number,
  details: (input: ReportInput, f: Finding) => string[],
): string[] {
  const lines: string[] = [];
  let left = room - length([moreLine(sections, 0)]);
  let written = 0;
  for (const [i, { risk, file, findings }] of sections.entries()) {
    const heading = [`#### ${code(input.paths.inRepository(file))}: ${findings.length} ${risk}`, ""];
    if (sections[i - 1]?.risk !== risk) heading.unshift(`### ${riskHeading(sections, risk)}`, "");
    for (const finding of findings) {
      const item = [...(finding === findings[0] ? heading : []), itemLine(finding), ...details(input, finding)];
      left -= length(item) + 1;
      if (left < 0) return [...lines, "", moreLine(sections, written), ""];
      lines.push(...item);
      written++;
    }
    if (lines.at(-1) !== "") lines.push("");
  }
  return lines;
}

function riskHeading(sections: readonly Section[], risk: Risk): string {
  const n = sections.filter((s) => s.risk === risk).reduce((sum, s) => sum + s.findings.length, 0);
  return `${plural(n, "finding")} at risk ${risk}`;
}

function moreLine(sections: readonly Section[], written: number): string {
  const rest = sections.flatMap((s) => s.findings).slice(written);
  const risks = Object.fromEntries(RISKS.map((r) => [r, rest.filter((f) => f.risk === r).length]));
  return `And ${rest.length} more (${riskCounts(risks as Record<Risk, number>)}) that do not fit here.`;
}

function itemLine(f: Finding): string {
  const where = f.function === "" || beginsWithFunction(f) ? "" : ` in ${code(f.function)}`;
  return `- **${f.rule}** line ${f.line}${where}: ${prose(f.message)}`;
}

function detailLines({ paths }: ReportInput, f: Finding): string[] {
  const steps = f.evidence.map((e) => {
    const place = e.file === f.file ? `line ${e.line}` : code(`${paths.inRepository(e.file)}:${e.line}`);
    return `  - ${place}: ${prose(e.text)}`;
  });
  const fix = f.fix === null ? [] : [`  - Fix (${f.fix.level}): ${prose(f.fix.title)}`];
  if (steps.length + fix.length === 0) return [];
  const title = [steps.length > 0 ? "Evidence" : [], fix.length > 0 ? "fix" : []].flat().join(" and ");
  return [`  <details><summary>${title}</summary>`, "", ...steps, ...fix, "", "  </details>", ""];
}

function problemLines(input: ReportInput): string[] {
  const { problems } = input.result;
  if (problems.length === 0) return [];
  const worst = [...problems].sort((a, b) => Number(b.skipped) - Number(a.skipped)).slice(0, SHOWN_PROBLEMS);
  const more = problems.length - worst.length;
  return [
    `<details><summary>${problemCount(input.result)}</summary>`,
    "",
    ...worst.map((p) => problemLine(input, p)),
    ...(more > 0 ? [`- and ${more} more`] : []),
    "",
    "</details>",
    "",
  ];
}

function problemLine({ paths }: ReportInput, { file, line, kind, message }: Problem): string {
  const place = file === "" ? "" : `${code(paths.inRepository(file) + (line === undefined ? "" : `:${line}`))} `;
  return `- ${place}${kind}: ${prose(message)}`;
}
