/** From an audit to what the page shows. */
import { basename } from "node:path";
import type { FixPreview, PreviewHunk } from "../../audit/fixing/previews.ts";
import { ruleSections } from "../../rule-api/markdown.ts";
import type { EvidenceStep, Finding } from "../../rule-api/types.ts";
import { LineMap } from "../../text/lines.ts";
import { type ReportInput, shownFindings } from "../reporter.ts";
import { codeLines, codeRegions, type WantedLines } from "./code-regions.ts";
import type { PageData, PageFile, PageFinding, PageFix, PageHunk, PageLine, PagePlace } from "./page-data.ts";

/** Lines that are there before and after a finding, and around a step of its evidence. */
const AROUND_FINDING = 10;
const AROUND_STEP = 4;
/** Lines of a finding that are shown at most: some are about a whole function. */
const MOST_LINES = 30;

/** The data of the page: the same for the same input, with each line of code once. */
export function pageData(input: ReportInput): PageData {
  const { result, rules, risk, paths, fixes } = input;
  const { summary } = result;
  const shown = shownFindings(input);
  const files = new Files(input);
  const hunks = new Hunks();
  const ruleNames = [...new Set(shown.map((f) => f.rule))].sort();
  const findings = shown.map((f): PageFinding => {
    const preview = fixes?.byFingerprint.get(f.fingerprint);
    return {
      id: f.fingerprint,
      rule: ruleNames.indexOf(f.rule),
      risk: f.risk,
      ...files.place(f.file, f, AROUND_FINDING),
      function: f.function,
      symbol: f.symbol,
      module: f.module,
      message: f.message,
      evidence: f.evidence.map((e) => ({
        ...files.step(e),
        function: e.function ?? "",
        text: e.text,
      })),
      fix: preview ? pageFix(preview, files, hunks) : claimedFix(f),
    };
  });
  const modules = summary.modules.map(({ name, file, line, phase, declared, framework }) => {
    return { name, file: files.index(file), line, phase, declared, framework };
  });
  const { files: fileCount, functions, lines, suppressed, baseline, risks } = summary;
  const all = Object.values(risks).reduce((a, b) => a + b, 0);
  return {
    tool: result.tool,
    project: basename(result.root),
    target: summary.target,
    minPython: summary.minPython,
    minPythonKnown: summary.minPythonKnown,
    files: files.withCode(),
    rules: ruleNames.map((name) => {
      const rule = rules.find((r) => r.name === name);
      if (rule === undefined) throw new Error(`a finding of ${name}, which is not among the rules that ran`);
      return { name, family: rule.family, summary: rule.summary, docs: ruleSections(rule) };
    }),
    modules,
    findings,
    hunks: hunks.all,
    fixes: { proven: fixes !== undefined, ...(fixes?.problem === undefined ? {} : { problem: fixes.problem }) },
    totals: {
      files: fileCount,
      functions,
      lines,
      suppressed,
      ...(baseline === null ? {} : { known: { file: baseline.file, findings: baseline.known, worse: baseline.worse } }),
      findings: all,
      milder: all - shown.length,
      risk,
    },
    problems: result.problems.map(({ file, line, kind, message, skipped }) => ({
      file: file === "" ? "" : paths.inRepository(file),
      ...(line === undefined ? {} : { line }),
      kind,
      message,
      skipped,
    })),
    excluded: result.excluded,
  };
}

function pageFix({ level, title, notes, recipe, files: changed }: FixPreview, files: Files, hunks: Hunks): PageFix {
  return {
    level,
    title,
    notes,
    recipe,
    files: changed.map(({ file, isNew, hunks: own }) => {
      return { file: files.index(file), isNew, hunks: own.map((h) => hunks.index(file, h)) };
    }),
  };
}

/** What the rule says of the fix, where nothing was proven. */
function claimedFix({ fix }: Finding): PageFix | null {
  return fix && { level: fix.level, title: fix.title, notes: [], recipe: [], files: [] };
}

/** Files that the page names, and the lines of them that it shows. */
class Files {
  private readonly input: ReportInput;
  private readonly indices = new Map<string, number>();
  private readonly wanted = new Map<string, WantedLines[]>();
  private readonly maps = new Map<string, LineMap | undefined>();

  constructor(input: ReportInput) {
    this.input = input;
  }

  index(file: string): number {
    const known = this.indices.get(file);
    if (known !== undefined) return known;
    this.indices.set(file, this.indices.size);
    return this.indices.size - 1;
  }

  /** A place with the lines `around` it. */
  place(file: string, place: Omit<PagePlace, "file">, around: number): PagePlace {
    const { line, column, endLine, endColumn } = place;
    const wanted = this.wanted.get(file) ?? [];
    this.wanted.set(file, wanted);
    const last = Math.min(endLine, line + MOST_LINES);
    wanted.push({ from: line - around, to: last + around, line, column });
    return { file: this.index(file), line, column, endLine, endColumn };
  }

  /** Steps have offsets for their end, which only the text turns into a line. */
  step({ file, line, column, end }: EvidenceStep & { line: number; column: number }): PagePlace {
    const map = this.mapOf(file);
    const { line: endLine, column: endColumn } = map?.position(end) ?? { line, column: column + 1 };
    return this.place(file, { line, column, endLine, endColumn }, AROUND_STEP);
  }

  private mapOf(file: string): LineMap | undefined {
    if (!this.maps.has(file)) {
      const text = this.input.read(file);
      this.maps.set(file, text === undefined ? undefined : LineMap.of(text));
    }
    return this.maps.get(file);
  }

  withCode(): PageFile[] {
    return [...this.indices.keys()].map((file) => {
      const wanted = this.wanted.get(file);
      const text = wanted && this.input.read(file);
      return {
        name: this.input.paths.inRepository(file),
        regions: text === undefined ? [] : codeRegions(file, text, wanted!),
      };
    });
  }
}

/** Hunks, each once. */
class Hunks {
  readonly all: PageHunk[] = [];
  private readonly indices = new Map<string, number>();

  index(file: string, hunk: PreviewHunk): number {
    const key = JSON.stringify(hunk);
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    this.indices.set(key, this.all.length);
    return this.all.push(pageHunk(file, hunk)) - 1;
  }
}

/** Both sides are classed for themselves: together they are no code. */
function pageHunk(file: string, { oldStart, newStart, lines, isCompat }: PreviewHunk): PageHunk {
  const side = (left: string) =>
    codeLines(
      file,
      lines.flatMap((line) => (line.startsWith(left) || line.startsWith("\\") ? [] : line.slice(1))),
    ).values();
  const before = side("+");
  const after = side("-");
  const classed = lines.map((line): PageLine => {
    if (line.startsWith("\\")) return line.slice(1);
    const own = line.startsWith("-") ? undefined : after.next().value;
    const old = line.startsWith("+") ? undefined : before.next().value;
    return own ?? old ?? line.slice(1);
  });
  const signs = lines.map((line) => line[0]).join("");
  return { oldStart, newStart, signs, lines: classed, ...(isCompat ? { isCompat } : {}) };
}
