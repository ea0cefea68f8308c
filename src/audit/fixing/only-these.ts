/** Which findings a user wants fixed. */
import { relative, resolve, sep } from "node:path";
import { atLeast, type Finding, type Risk } from "../../rule-api/types.ts";
import { audit } from "../session.ts";
import { type AuditContext, type AuditOptions, UsageError } from "../types.ts";
import type { AppliedFix, FixOptions } from "./fix-project.ts";

export interface Only {
  /** The mildest risk; undefined: any. */
  risk?: Risk;
  /** Fingerprints (at least eight digits), or `FILE:LINE` with paths from the working folder; empty: all findings. */
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
  const prints = new Set(only.flatMap((text) => named(text, findings, root, options.cwd)));
  return (f: Finding, applied: readonly AppliedFix[]) =>
    prints.has(f.fingerprint) &&
    (risk === undefined || atLeast(f.risk, risk)) &&
    // Once it is fixed, the next one of its kind in the function has its fingerprint.
    !applied.some((a) => a.finding.fingerprint === f.fingerprint);
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
      `--only ${text}: neither a fingerprint nor FILE:LINE`,
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
