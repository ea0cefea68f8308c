/** The findings of a review as rows need them. */
import type { ReviewSession } from "../../../src/audit/review/review-session.ts";
import type { Triage } from "../../../src/audit/triage/triage.ts";
import type { Finding } from "../../../src/rule-api/types.ts";
import type { Item } from "../model/types.ts";

type Reviewed = Pick<ReviewSession, "findings" | "fixed" | "suppressed">;

/** What is found now, and what was fixed or suppressed in this review and therefore no longer found. */
export function itemsOf(session: Reviewed, triageOf: (fingerprint: string) => Triage | undefined): Item[] {
  const present = session.findings();
  const known = new Set(present.map((f) => f.fingerprint));
  const isGone = (finding: Finding) => !known.has(finding.fingerprint) && known.add(finding.fingerprint);
  const withTriage = (finding: Finding, state: Item["state"], triage = triageOf(finding.fingerprint)): Item => ({
    finding,
    state,
    ...(triage ? { triage } : {}),
  });
  return [
    ...present.map((f) => withTriage(f, triageOf(f.fingerprint)?.state ?? "open")),
    ...session.fixed().flatMap((f) => (isGone(f) ? [withTriage(f, "fixed")] : [])),
    ...session.suppressed().flatMap(({ finding, reason }) => {
      if (!isGone(finding)) return [];
      return [withTriage(finding, "suppressed", { ...triageOf(finding.fingerprint), state: "suppressed", reason })];
    }),
  ];
}
