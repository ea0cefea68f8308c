/** Which findings a user wants fixed. */
import { relative, resolve, sep } from "node:path";
import { atLeast, type Finding, type Risk } from "../../rule-api/types.ts";
import { audit } from "../session.ts";
import { type AuditContext, type AuditOptions, UsageError } from "../types.ts";
import type { AppliedFix, FixOptions } from "./fix-project.ts";

export interface Only {
  /** The mildest risk; undefined: any. */
  risk?: Risk;
  /** Fingerprints (at least eight digits), `FILE:LINE` or `FILE` with paths from the working folder; empty: all findings. */
  only: readonly string[];
}

/**
 * The test for `FixOptions.wanted`; undefined if everything is wanted.
 * @throws UsageError for a finding that there is not; as `audit`.
 */
export async function onlyThese(
  options: AuditOptions,
  { risk, only }: Only,
  context: AuditContext,
): Promise<FixOptions["wanted"]> {
  if (only.length === 0) return risk === undefined ? undefined : (f) => atLeast(f.risk, risk);
  const { findings, root } = await audit(options, context);
  const files = new Set<string>();
  const prints = new Set<string>();
  for (const text of only) {
    const file = relative(root, resolve(options.cwd, text)).split(sep).join("/");
    if (findings.some((f) => f.file === file)) files.add(file);
    else for (const print of named(text, findings, root, options.cwd)) prints.add(print);
  }
  return (f: Finding, applied: readonly AppliedFix[]) =>
    (risk === undefined || atLeast(f.risk, risk)) &&
    (files.has(f.file) ||
      (prints.has(f.fingerprint) &&
        // Once it is fixed, the next one of its kind in the function has its fingerprint.
        !applied.some((a) => a.finding.fingerprint === f.fingerprint)));
}

const FINGERPRINT = /^[0-9a-f]{8,32}$/;
const PLACE = /^(.+):(\d+)$/;

function named(text: string, findings: readonly Finding[], root: string, cwd: string): string[] {
  const place = PLACE.exec(text);
  const file = place && relative(root, resolve(cwd, place[1])).split(sep).join("/");
  const isMeant = (f: Finding) =>
    place ? f.file === file && f.line === Number(place[2]) : f.fingerprint.startsWith(text);
  if (!place && !FINGERPRINT.test(text)) {
    throw new UsageError(
      `--only ${text}: neither a fingerprint nor FILE:LINE, nor a file with findings`,
      "`ungil --format json` has the fingerprints.",
    );
  }
  const prints = findings.filter(isMeant).map((f) => f.fingerprint);
  if (prints.length > 0) return prints;
  throw new UsageError(
    `--only ${text}: there is no such finding`,
    "`ungil scan` lists what there is, with line numbers.",
  );
}
