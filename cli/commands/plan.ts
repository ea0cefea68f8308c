/** `ungil plan`: a porting plan for a tracking issue. */
import { relative, resolve, sep } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { Plan } from "../../src/audit/plan/types.ts";
import { projectFolder } from "../../src/project/discover/gitignore.ts";
import {
  type AuditFlags,
  addProjectOptions,
  addReportOptions,
  addSelectionOptions,
  givenBy,
} from "../audit-options.ts";
import { interruptible } from "../interruptible.ts";
import { emit } from "../output.ts";
import { auditedReadiness } from "../readiness.ts";

interface PlanFlags extends AuditFlags {
  format: "markdown" | "json";
  output?: string;
  linkBase?: string;
  maxLength?: number;
  fixes: boolean;
}

const EXAMPLES = `
Examples:
  ungil plan -o plan.md              for a tracking issue
  ungil plan --link-base https://git.example.org/lamp/blob/main
  ungil plan --no-fixes              without what ungil can fix: much faster
  ungil plan --format json           for scripts

Exit status: 0 done, whatever was found; 2 usage or failure.
`;

export function planCommand(): Command {
  const command = new Command("plan")
    .description("Write a porting plan for a tracking issue: modules, phases, checklists, packaging")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addReportOptions(command, ["markdown", "json"])
    .option(
      "--link-base <url>",
      "links to places begin with this address (default: the origin of the git checkout)",
      parseUrl,
    )
    .option(
      "--max-length <n>",
      "most characters of the Markdown, 0: no limit (default: what an issue on GitHub holds)",
      parseLength,
    )
    .option("--no-fixes", "do not compute what `ungil fix` can do");
  addSelectionOptions(command);
  return addProjectOptions(command)
    .option("-q, --quiet", "no progress")
    .addHelpText("after", EXAMPLES.trimEnd())
    .action(plan);
}

function parseUrl(text: string): string {
  // What ends the parentheses of a link in Markdown must not be in it.
  if (/^https?:\/\/[^\s()<>"'`\\]+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be an address that begins with http:// or https://.");
}

function parseLength(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number, 0 for no limit.");
}

async function plan(paths: string[], flags: PlanFlags): Promise<void> {
  const [{ registry }, { configure }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
  ]);
  const configured = await configure(givenBy(paths, flags), registry);
  const { options } = configured;
  const made = await interruptible(flags.quiet === true, async (run) => {
    const { result, readiness, triage } = await auditedReadiness(options, run);
    let fixes: Awaited<ReturnType<typeof fixProject>> | undefined;
    const [{ fixProject }, { settleFix }, { isDismissed }, { makePlan }] = await Promise.all([
      import("../../src/audit/fixing/fix-project.ts"),
      import("../../src/audit/fixing/fix-settings.ts"),
      import("../../src/audit/triage/apply.ts"),
      import("../../src/audit/plan/make-plan.ts"),
    ]);
    if (flags.fixes) {
      const { check: _, ...settings } = settleFix({ level: "review" }, configured);
      const context = { registry, onProgress: run.onProgress, signal: run.signal };
      fixes = await fixProject(options, { ...settings, wanted: (f) => !isDismissed(triage, f) }, context);
    }
    return { root: result.root, plan: makePlan({ result, readiness, fixes, triage }) };
  });
  if (made === undefined) return;
  emit(await render(made.plan, made.root, options.cwd, paths, flags), flags.output);
}

async function render(made: Plan, root: string, cwd: string, given: string[], flags: PlanFlags): Promise<string> {
  if (flags.format === "json") {
    const { renderPlanJson } = await import("../../src/report/plan/json.ts");
    return renderPlanJson(made);
  }
  const [{ renderPlan, ISSUE_LIMIT }, { linksBelow, linksFor }, { gitOrigin }, { reportPaths }] = await Promise.all([
    import("../../src/report/plan/markdown.ts"),
    import("../../src/report/plan/links.ts"),
    import("../../src/project/discover/git-origin.ts"),
    import("../../src/report/paths.ts"),
  ]);
  const top = projectFolder(root);
  const audited = (given.length > 0 ? given : ["."])
    .map((path) => relative(top, resolve(cwd, path)).split(sep).join("/"))
    .filter((path) => path !== "");
  return renderPlan(made, {
    paths: reportPaths({ root, cwd, top }),
    link: flags.linkBase === undefined ? linksFor(gitOrigin(top)) : linksBelow(flags.linkBase),
    audited,
    maxLength: flags.maxLength ?? ISSUE_LIMIT,
  });
}
