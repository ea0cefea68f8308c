/** The plan as Markdown for a tracking issue, cut to what an issue can hold. */
import { posix } from "node:path";
import { countedChecks } from "../../audit/plan/checks.ts";
import type { Check, Fixable, ModuleReadiness, Plan, PlanPhase, PlanTask } from "../../audit/plan/types.ts";
import type { Quote } from "../../project/packaging/types.ts";
import { type Finding, RISKS } from "../../rule-api/types.ts";
import { code, prose } from "../markdown-text.ts";
import type { ReportPaths } from "../paths.ts";
import { plural, riskCounts } from "../totals.ts";
import { fixCommand, listCommand, taskCommand } from "./commands.ts";
import { honestyLines } from "./honesty.ts";
import type { LinkTo } from "./links.ts";
import { DECLARED, kindOf } from "./words.ts";

/** Characters that GitHub takes in an issue or a comment. */
export const ISSUE_LIMIT = 65_536;

export interface PlanPage {
  paths: ReportPaths;
  link: LinkTo;
  /** Paths of the audit from the top of the repository; none if it is the top itself. */
  audited: readonly string[];
  /** Most characters; 0: no limit. */
  maxLength: number;
}

/** How much of each part is written. */
interface Detail {
  places: number;
  reasons: number;
  recipes: boolean;
  modules: number;
  snippets: boolean;
  /** Tasks of one phase. */
  tasks: number;
}

/** From everything to what must be there; each step drops what a reader misses least. */
const DETAILS: readonly Detail[] = [
  { places: 8, reasons: 5, recipes: true, modules: 40, snippets: true, tasks: Number.POSITIVE_INFINITY },
  { places: 6, reasons: 3, recipes: false, modules: 40, snippets: true, tasks: Number.POSITIVE_INFINITY },
  { places: 4, reasons: 2, recipes: false, modules: 30, snippets: true, tasks: Number.POSITIVE_INFINITY },
  { places: 2, reasons: 0, recipes: false, modules: 25, snippets: true, tasks: Number.POSITIVE_INFINITY },
  { places: 1, reasons: 0, recipes: false, modules: 20, snippets: false, tasks: 60 },
  { places: 1, reasons: 0, recipes: false, modules: 15, snippets: false, tasks: 25 },
  { places: 1, reasons: 0, recipes: false, modules: 15, snippets: false, tasks: 12 },
  { places: 0, reasons: 0, recipes: false, modules: 10, snippets: false, tasks: 6 },
  { places: 0, reasons: 0, recipes: false, modules: 5, snippets: false, tasks: 2 },
];

/** Ends with a newline. A limit that even the shortest plan exceeds gives the shortest plan. */
export function renderPlan(plan: Plan, page: PlanPage): string {
  let text = "";
  for (const detail of DETAILS) {
    text = `${new Writer(plan, page, detail)
      .lines()
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trimEnd()}\n`;
    if (page.maxLength === 0 || text.length <= page.maxLength) return text;
  }
  return text;
}

class Writer {
  private readonly plan: Plan;
  private readonly page: PlanPage;
  private readonly detail: Detail;

  constructor(plan: Plan, page: PlanPage, detail: Detail) {
    this.plan = plan;
    this.page = page;
    this.detail = detail;
  }

  lines(): string[] {
    const { plan } = this;
    return [
      `# Free-threading port of ${code(plan.project)}`,
      "",
      ...this.totals(),
      ...this.modules(),
      ...this.order(),
      ...this.phases().flatMap((phase, i) => this.phase(phase, i + 1)),
      ...honestyLines(plan, this.page.paths),
    ];
  }

  private totals(): string[] {
    const { plan, page } = this;
    const { tool, target, minPython, files, functions, dismissed, fix } = plan;
    const total = sum(plan);
    const scope = `${plural(files, "file")}, ${plural(functions, "function")}`;
    const isUnread = plan.readiness.overall === "not audited" && plan.readiness.modules.length > 0;
    const nothing = isUnread
      ? "The code of the modules is not C or C++ and not audited. Nothing to fix"
      : "Nothing to fix";
    const found = total === 0 ? nothing : `${plural(total, "finding")} (${riskCounts(plan.risks)})`;
    const lines = [
      `${found} in ${scope}. Audited by ungil ${tool.version} for free-threaded CPython ${target} and later; oldest supported Python ${minPython}.`,
    ];
    if (dismissed > 0) {
      lines.push(
        `${plural(dismissed, "further finding")} ${dismissed === 1 ? "is" : "are"} dismissed by comments or triage and not in this plan.`,
      );
    }
    lines.push("");
    if (fix && total > 0) {
      const command = fixCommand(page.audited, []);
      lines.push(
        `\`ungil fix\` does ${fix.safe} of ${total} by itself (proven) and ${fix.review} more for review; ${total - fix.safe - fix.review} need a person.`,
      );
      lines.push(
        "These figures are those of one run over everything: the command of one task alone can do less, where its edits build on earlier phases.",
      );
      if (fix.safe > 0)
        lines.push(`Begin with ${code(command)}, read the diff, run the tests, commit: the boxes below get shorter.`);
      lines.push("");
    }
    return lines;
  }

  private modules(): string[] {
    const { modules, unclaimed } = this.plan.readiness;
    const lines = ["## Modules", ""];
    if (modules.length === 0) {
      lines.push(
        "No extension module was found: neither C or C++ with an init function, nor sources of Cython, PyO3 and their like.",
        "",
      );
    } else {
      const shown = [...modules].sort(byRisk).slice(0, this.detail.modules);
      lines.push(
        "| Module | Made with | Declares support | high | medium | low | State |",
        "| --- | --- | --- | ---: | ---: | ---: | --- |",
        ...shown.map((m) => this.moduleRow(m)),
      );
      const more = modules.length - shown.length;
      if (more > 0) lines.push("", `and ${plural(more, "more module")}.`);
      lines.push("");
    }
    if (modules.some((m) => m.shared > 0))
      lines.push("Findings in files that modules share count for each of them.", "");
    if (unclaimed.files.length > 0) {
      const { files, risks } = unclaimed;
      lines.push(
        `No module is known to reach ${plural(files.length, "file")} with findings (${riskCounts(risks)}): ${this.names(files)}.`,
        "",
      );
    }
    return lines;
  }

  private moduleRow({ module, declaredAt, risks, verdict }: ModuleReadiness): string {
    const at = { file: module.file, line: module.line, text: module.name };
    const isLinked = this.page.link(this.name(at.file), at.line) !== undefined;
    const place = isLinked ? this.place(at, module.name) : `${code(module.name)} ${this.place(at)}`;
    const [where] = declaredAt;
    const declared = DECLARED[module.declared] ?? module.declared;
    const said = where ? `${declared}, ${this.place({ ...where, text: "here" }, "here")}` : declared;
    const cells = [place, kindOf(module), said, risks.high || "", risks.medium || "", risks.low || "", verdict];
    return `| ${cells.map((c) => String(c).replaceAll(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
  }

  /** Those that have something to say. */
  private phases(): PlanPhase[] {
    return this.plan.phases.filter((p) => p.tasks.length > 0 || p.checks.length > 0);
  }

  private order(): string[] {
    const rows = this.phases().map(({ title, tasks, checks }, i) => {
      const counted = countedChecks(checks);
      const open = tasks.length + counted.filter((c) => c.state !== "done").length;
      const findings = tasks.flatMap((t) => t.findings);
      const high = findings.filter((f) => f.risk === "high").length;
      const fixes = tasks.flatMap((t) => t.fix ?? []);
      const safe = fixes.reduce((n, f) => n + f.safe, 0);
      const review = fixes.reduce((n, f) => n + f.review, 0);
      const cells = [i + 1, title, open || "done", findings.length || "", high || "", safe || "", review || ""];
      return `| ${cells.join(" | ")} |`;
    });
    const empty = this.plan.phases.filter((p) => !this.phases().includes(p));
    return [
      "## Order",
      "",
      "| | Phase | Open tasks | Findings | high | proven fixes | for review |",
      "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
      ...rows,
      "",
      ...(empty.length > 0 ? [`Nothing was found for: ${empty.map((p) => p.title).join("; ")}.`, ""] : []),
    ];
  }

  private phase(phase: PlanPhase, number: number): string[] {
    const { title, why, tasks, checks } = phase;
    const counted = countedChecks(checks);
    const findings = tasks.reduce((n, t) => n + t.findings.length, 0);
    const counts = [
      ...(findings > 0 ? [plural(findings, "finding")] : []),
      ...(counted.length > 0
        ? [`${counted.filter((c) => c.state === "done").length} of ${counted.length} checks done`]
        : []),
    ].join(", ");
    const lines = [`## ${number}. ${title}${counts === "" ? "" : ` (${counts})`}`, "", why, ""];
    const shown = tasks.slice(0, this.detail.tasks);
    lines.push(...shown.flatMap((t) => this.task(t)), ...this.more(tasks.slice(shown.length)));
    if (tasks.length > 0) lines.push("", ...this.left(tasks));
    lines.push(...counted.flatMap((c) => this.check(c)));
    const idle = checks.filter((c) => c.state === "not needed");
    if (idle.length > 0) lines.push("", ...idle.map((c) => `Not needed: ${c.title}: ${c.summary}.`));
    return [...lines, ""];
  }

  private task(task: PlanTask): string[] {
    const { files, findings, risks, rules, assignees } = task;
    const [only] = files;
    const name =
      files.length === 1 ? code(this.name(only)) : `${code(this.name(folderOf(only)))}, ${files.length} files`;
    const people = assignees.map((login) => ` @${login}`).join("");
    const kinds = rules.map(([rule, n]) => `\`${rule}\`${n > 1 ? ` ${n}` : ""}`).join(", ");
    const lines = [
      `- [ ] **${name}**: ${plural(findings.length, "finding")} (${riskCounts(risks)}): ${kinds}${people}`,
    ];
    if (this.detail.places > 0) lines.push(`  - ${this.places(task)}`);
    const { fix } = task;
    if (fix && fix.safe + fix.review > 0) lines.push(`  - ${this.fixLine(task, fix)}`);
    return lines;
  }

  private fixLine(task: PlanTask, { safe, review }: Fixable): string {
    const command = taskCommand(this.page.audited, task, (f) => this.name(f));
    const rest = task.findings.length - safe - review;
    const proven = `${safe} of ${task.findings.length} proven`;
    const parts = [
      safe > 0 ? proven : "",
      review > 0 ? `${review}${safe > 0 ? " more" : ` of ${task.findings.length}`} for review` : "",
      rest > 0 ? `${rest} by hand` : "",
    ].filter((part) => part !== "");
    if (command === undefined) return `\`ungil fix\`: ${parts.join(", ")}`;
    return `${code(review > 0 ? `${command} --level review` : command)}: ${parts.join(", ")}`;
  }

  /** One link for each function or variable, with the number of its findings. */
  private places({ findings, files }: PlanTask): string {
    const groups = new Map<string, Finding[]>();
    for (const f of findings) {
      const name = `${f.file}\0${labelOf(f)}`;
      groups.set(name, [...(groups.get(name) ?? []), f]);
    }
    const all = [...groups.values()];
    const shown = all.slice(0, this.detail.places).map(([first, ...rest]) => {
      const base = files.length > 1 ? `${first.file.slice(first.file.lastIndexOf("/") + 1)} ` : "";
      const label = `${base}${labelOf(first)}:${first.line}`;
      return (
        this.place({ file: first.file, line: first.line, text: label }, label) +
        (rest.length > 0 ? ` ×${rest.length + 1}` : "")
      );
    });
    const more = all.slice(shown.length).flat().length;
    return `${shown.join(" · ")}${more > 0 ? ` · and ${more} more` : ""}`;
  }

  private more(tasks: readonly PlanTask[]): string[] {
    if (tasks.length === 0) return [];
    const findings = tasks.reduce((n, t) => n + t.findings.length, 0);
    const rules = [...new Set(tasks.flatMap((t) => t.rules.map(([rule]) => rule)))];
    const command = listCommand(this.page.audited, rules);
    return [`- [ ] and ${plural(tasks.length, "more task")} with ${plural(findings, "finding")}: ${code(command)}`];
  }

  /** What a person has to do, rule by rule: how often, why no edit does it, and how it is done. */
  private left(tasks: readonly PlanTask[]): string[] {
    const { reasons, recipes } = this.detail;
    const rules = new Map<string, Fixable["left"]>();
    for (const entry of tasks.flatMap((t) => t.fix?.left ?? [])) {
      rules.set(entry.rule, [...(rules.get(entry.rule) ?? []), entry]);
    }
    const countOf = (entries: Fixable["left"]) => entries.reduce((n, e) => n + e.count, 0);
    const all = [...rules].sort(([a, x], [b, y]) => countOf(y) - countOf(x) || (a < b ? -1 : 1));
    if (all.length === 0 || reasons === 0) return [];
    const lines = [`<details><summary>By hand: ${countOf(all.flatMap(([, e]) => e))}, and why</summary>`, ""];
    for (const [rule, entries] of all) {
      const known = [...entries].sort((a, b) => b.count - a.count);
      lines.push(`- ${countOf(known)} × \`${rule}\``);
      lines.push(
        ...known.slice(0, reasons).map((e) => `  - ${e.count > 1 ? `${e.count} × ` : ""}${prose(clauses(e.reason))}`),
      );
      const more = countOf(known.slice(reasons));
      if (more > 0) lines.push(`  - ${more} for other reasons`);
      const recipe = recipes ? (known.find((e) => e.recipe.length > 0)?.recipe ?? []) : [];
      if (recipe.length > 0) lines.push("  - how:", ...recipe.map((step, i) => `    ${i + 1}. ${prose(step)}`));
    }
    return [...lines, "", "</details>", ""];
  }

  private check({ title, state, summary, evidence, advice, snippet }: Check): string[] {
    const box = state === "done" ? "x" : " ";
    const places = evidence.map((q) => this.place(q)).join(", ");
    const lines = [`- [${box}] **${title}** (${state}): ${summary}${places === "" ? "" : ` (${places})`}`];
    if (advice !== "") lines.push(`  - ${advice}`);
    if (snippet && this.detail.snippets) {
      lines.push(
        "",
        `    \`\`\`${snippet.language}`,
        ...snippet.text.split("\n").map((l) => `    ${l}`.trimEnd()),
        "    ```",
        "",
      );
    }
    return lines;
  }

  /** A link where the host is known, else the place as code. */
  private place({ file, line, text }: Quote, label?: string): string {
    const name = this.name(file);
    const address = this.page.link(name, line);
    if (address === undefined) return code(label === undefined || label === "here" ? `${name}:${line}` : label);
    if (label === "here") return `[here](${address})`;
    if (label !== undefined && !PLAIN_LABEL.test(label)) return `${code(label)} [here](${address})`;
    return `[${code(label ?? shortLabel(name, line, text))}](${address})`;
  }

  /** From the top of the repository, without the steps up and down again of what lies above the root. */
  private name(file: string): string {
    return posix.normalize(this.page.paths.inRepository(file));
  }

  private names(files: readonly string[]): string {
    const shown = files.slice(0, 5).map((f) => code(this.name(f)));
    return `${shown.join(", ")}${files.length > 5 ? ` and ${files.length - 5} more` : ""}`;
  }
}

/** Renderers disagree on brackets and backticks in the text of a link. */
const PLAIN_LABEL = /^[\w .:/,+*()&×-]+$/;

/** What is said at a place if that is short, else the place. */
function shortLabel(name: string, line: number, text: string): string {
  if (PLAIN_LABEL.test(text) && text.length <= 40) return text;
  const file = name.slice(name.lastIndexOf("/") + 1);
  return PLAIN_LABEL.test(file) ? `${file}:${line}` : `line ${line}`;
}

function labelOf(f: Finding): string {
  return f.family === "globals" || f.function === "" ? f.symbol || f.rule : f.function;
}

/** The same said twice is said once. */
function clauses(reason: string): string {
  const said = reason === "" ? ["ungil has no rewrite for it"] : reason.split("; ");
  return [...new Set(said)].join("; ");
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/"))) || ".";
}

function sum({ risks }: Plan): number {
  return RISKS.reduce((n, r) => n + risks[r], 0);
}

function byRisk(a: ModuleReadiness, b: ModuleReadiness): number {
  for (const r of RISKS) if (a.risks[r] !== b.risks[r]) return b.risks[r] - a.risks[r];
  return a.module.name < b.module.name ? -1 : 1;
}
