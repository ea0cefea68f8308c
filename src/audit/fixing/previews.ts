/** What `ungil fix` would do for each finding of an audit, each on its own, proven. */
import { structuredPatch } from "diff";
import { BLOCK_BEGIN } from "../../fix/compat/block.ts";
import type { FixSettings, ProposalLevel } from "../../fix/types.ts";
import type { Finding } from "../../rule-api/types.ts";
import { selectRules } from "../select-rules.ts";
import { type AuditContext, type AuditOptions, UsageError } from "../types.ts";
import { fixWorkspace, previewFixes } from "./fix-project.ts";
import { Workspace } from "./workspace.ts";

/** A run of lines that change, as in a unified diff. */
export interface PreviewHunk {
  /** One-based first lines before and after. */
  oldStart: number;
  newStart: number;
  /** Each with `+`, `-` or a blank before it, without line breaks; `\` begins a remark on a missing one. */
  lines: string[];
  /** It brings definitions that older Pythons lack, and changes nothing of the code. */
  isCompat: boolean;
}

export interface PreviewedFile {
  file: string;
  isNew: boolean;
  hunks: PreviewHunk[];
}

export interface FixPreview {
  /** What the proof leaves of the fix. */
  level: ProposalLevel | "manual";
  title: string;
  /** What a person should look at, or why there is no rewrite. */
  notes: string[];
  /** What a person would do, step by step; empty if there is a rewrite. */
  recipe: string[];
  /** The change of this fix alone; empty at level manual. */
  files: PreviewedFile[];
}

export interface FixPreviews {
  byFingerprint: ReadonlyMap<string, FixPreview>;
  /** Why there are none, or none for some findings. */
  problem?: string;
}

const CONTEXT = 3;

/**
 * The fixes of `findings`, which an audit with the same `options` found. Nothing is written. Where files changed since, `problem` says so
 * and their findings have no preview.
 * @throws the reason of `context.signal` if it is aborted.
 */
export async function fixPreviews(
  options: AuditOptions,
  settings: FixSettings,
  findings: readonly Finding[],
  context: AuditContext,
): Promise<FixPreviews> {
  try {
    return await previewsOf(options, settings, findings, context);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { byFingerprint: new Map(), problem: error.message };
  }
}

async function previewsOf(
  options: AuditOptions,
  settings: FixSettings,
  findings: readonly Finding[],
  context: AuditContext,
): Promise<FixPreviews> {
  const { registry: rules, signal } = context;
  const asked = new Set(findings.map((f) => f.fingerprint));
  let done = 0;
  const onProgress: AuditContext["onProgress"] = ({ file }) =>
    context.onProgress?.({ phase: "fixes", done, total: asked.size, functions: 0, findings: 0, file });
  // The proof looks at all rules, whatever is selected.
  const workspace = await Workspace.open({ ...options, select: [], ignore: [] }, { ...context, onProgress }, rules);
  const selected = new Set(selectRules(rules, options.select, options.ignore).map((r) => r.name));
  const { result } = await fixWorkspace(
    workspace,
    { ...settings, level: "review", alone: true, wanted: (f) => asked.has(f.fingerprint) },
    {
      rules,
      selected,
      signal,
      onRound: (n) => {
        done = n;
      },
    },
  );

  const byFingerprint = new Map<string, FixPreview>();
  for (const { finding, title, reason, recipe } of result.left) {
    byFingerprint.set(finding.fingerprint, { level: "manual", title, notes: [reason], recipe, files: [] });
  }
  const locatedOf = new Map(workspace.identified().map(([located, f]) => [f.fingerprint, located]));
  for (const { finding, level, title, review } of result.applied) {
    const rule = rules.find((r) => r.name === finding.rule);
    const answers = previewFixes(workspace, rule, locatedOf.get(finding.fingerprint)!, settings);
    const texts = answers.find(({ answer }) => answer.level !== "manual" && answer.title === title)?.texts;
    const files = [...(texts ?? [])].map(([file, text]) => changeOf(file, workspace.editable(file)?.text, text));
    byFingerprint.set(finding.fingerprint, { level, title, notes: review, recipe: [], files });
  }
  const missing = [...asked].filter((f) => !byFingerprint.has(f)).length;
  if (missing === 0) return { byFingerprint };
  return { byFingerprint, problem: `${missing} of ${asked.size} findings changed while the fixes were worked out` };
}

function changeOf(file: string, before: string | undefined, after: string): PreviewedFile {
  const { hunks } = structuredPatch("", "", before ?? "", after, "", "", { context: CONTEXT });
  return {
    file,
    isNew: before === undefined,
    hunks: hunks.map(({ oldStart, newStart, lines }) => ({
      oldStart,
      newStart,
      lines: lines.map((line) => line.replace(/\r$/, "")),
      isCompat: lines.some((line) => line.startsWith(`+${BLOCK_BEGIN}`)) && !lines.some((line) => line.startsWith("-")),
    })),
  };
}
