/** Versions of CPython as the tables use them: the minor release alone, since hazards and APIs change only there. */

/** A release such as `3.13`; ordered by `compareVersions`. */
export type ApiVersion = `3.${number}`;

/** The free-threaded releases that can be audited for, oldest first. */
export const TARGETS = ["3.13", "3.14", "3.15"] as const;
export type Target = (typeof TARGETS)[number];

/**
 * Reads `3.13`, also with a patch level or a `t` behind it (`3.13.2`, `3.14t`).
 * @returns undefined if the text is no version of Python 3.
 */
export function parseVersion(text: string): ApiVersion | undefined {
  const match = /^3\.(\d{1,3})(?:\.\d+)?(?:[a-z]+\d*)?t?$/.exec(text.trim());
  return match ? `3.${Number(match[1])}` : undefined;
}

/** The minor number: 13 for `3.13`. */
export function minorOf(version: ApiVersion): number {
  return Number(version.slice(2));
}

/** Negative if `a` is older than `b`, zero if equal, positive if newer. */
export function compareVersions(a: ApiVersion, b: ApiVersion): number {
  return minorOf(a) - minorOf(b);
}

/** True if something that came `since` (undefined: it was always there) and went in `removed` exists in `version`. */
export function existsIn(version: ApiVersion, since: ApiVersion | undefined, removed?: ApiVersion): boolean {
  if (since !== undefined && compareVersions(version, since) < 0) return false;
  return removed === undefined || compareVersions(version, removed) < 0;
}
