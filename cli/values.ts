/** Values of options, checked. */
import { InvalidArgumentError } from "commander";
import { RISKS, type Risk } from "../src/rule-api/types.ts";

/** Free-threaded Pythons that can be audited for, as minor versions. */
export const TARGETS = [13, 14, 15] as const;
/** Nobody asks for older ones: extensions that support them cannot be built for 3.13. */
const OLDEST_MINOR = 7;
const NEWEST_MINOR = Math.max(...TARGETS);
/** Pythons that a project may support, oldest first. */
export const VERSIONS: readonly string[] = Array.from(
  { length: NEWEST_MINOR - OLDEST_MINOR + 1 },
  (_, i) => `3.${OLDEST_MINOR + i}`,
);

export function parseTarget(text: string): number {
  const minor = minorOf(text);
  if (!TARGETS.includes(minor as 13)) throw new InvalidArgumentError(`It must be one of 3.13, 3.14, 3.15.`);
  return minor;
}

export function parseMinPython(text: string): number {
  const minor = minorOf(text);
  if (!(minor >= OLDEST_MINOR && minor <= NEWEST_MINOR)) {
    throw new InvalidArgumentError(`It must be a version from 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR}.`);
  }
  return minor;
}

function minorOf(text: string): number {
  const match = /^3\.(\d{1,2})$/.exec(text);
  return match ? Number(match[1]) : Number.NaN;
}

export const parseJobs = wholeNumber(1, 256);

/** A parser of whole numbers in these bounds. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}

export function parseRisk(text: string): Risk {
  if (!RISKS.includes(text as Risk)) throw new InvalidArgumentError(`It must be one of ${RISKS.join(", ")}.`);
  return text as Risk;
}

export function parseFailOn(text: string): Risk | "none" {
  if (text === "none" || RISKS.includes(text as Risk)) return text as Risk | "none";
  throw new InvalidArgumentError(`It must be one of ${RISKS.join(", ")}, none.`);
}

/** Collects a repeatable option of comma-separated names. */
export function addNames(text: string, before: string[] = []): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("It must name at least one rule or family.");
  return [...before, ...names];
}

/** Collects a repeatable option. */
export function addOne(text: string, before: string[] = []): string[] {
  return [...before, text];
}
