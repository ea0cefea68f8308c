/** Comments that suppress findings of one file: where each can stand, and what they say. */
import type { MarkedComment } from "../../ir/facts.ts";
import type { Finding } from "../../rule-api/types.ts";
import { type CommentOptions, CommentPlaces } from "../../syntax/comment-places.ts";
import { Statements } from "../../syntax/statements.ts";
import type { ViewOptions } from "../../syntax/view/types.ts";
import type { Edit } from "../../text/edits.ts";
import type { SourceText } from "../../text/source.ts";
import { ignoresIn } from "../suppress.ts";

/**
 * In a comment that is about the place already, on a line of its own above the statement (or the macro), or behind the code of the
 * finding's line: in the order in which they are tried.
 */
export const PLACEMENTS = ["merged", "above", "behind"] as const;
export type Placement = (typeof PLACEMENTS)[number];

type Placed = Pick<Finding, "start" | "rule">;

/** Where a comment goes; findings with equal slots share it. */
interface Slot {
  at: number;
  into?: MarkedComment;
}

export class FileComments {
  private readonly text: string;
  private readonly marked: readonly MarkedComment[];
  private readonly places: CommentPlaces;
  private readonly statements: Statements;

  /** @param marked what the text has of comments that speak to ungil */
  constructor({ text }: Pick<SourceText, "text">, options: ViewOptions, marked: readonly MarkedComment[]) {
    this.text = text;
    this.marked = marked;
    this.places = new CommentPlaces(text, options satisfies CommentOptions);
    this.statements = new Statements(text, options);
  }

  /** True if there is a place of this kind for a finding. */
  has(finding: Placed, placement: Placement): boolean {
    return this.slot(finding, placement) !== undefined;
  }

  /** Edits that write a comment for each of `findings`, which all have their place, and the findings that each edit serves. */
  edits<T extends Placed>(
    findings: readonly (readonly [T, Placement])[],
    reason: string,
  ): { edit: Edit; placement: Placement; serves: T[] }[] {
    const slots = new Map<string, { slot: Slot; placement: Placement; serves: T[] }>();
    for (const [finding, placement] of findings) {
      const slot = this.slot(finding, placement);
      if (slot === undefined) continue;
      const key = `${placement} ${slot.at}`;
      const known = slots.get(key);
      if (known) known.serves.push(finding);
      else slots.set(key, { slot, placement, serves: [finding] });
    }
    return [...slots.values()].map(({ slot, placement, serves }) => {
      const rules = [...new Set(serves.map((f) => f.rule))].sort();
      return { edit: this.edit(slot, placement, rules, reason), placement, serves };
    });
  }

  private slot(finding: Placed, placement: Placement): Slot | undefined {
    const { start } = finding;
    if (placement === "merged") {
      const into = this.marked.find((c) => c.covers.start <= start && start < c.covers.end && canTakeMore(c));
      return into && { at: into.start, into };
    }
    const at =
      placement === "above"
        ? this.places.lineAbove(this.statements.around(start)?.start ?? start)
        : this.places.behindCode(start);
    return at === undefined ? undefined : { at };
  }

  private edit({ at, into }: Slot, placement: Placement, rules: readonly string[], reason: string): Edit {
    if (into !== undefined) return { start: into.start, end: into.end, text: extended(into.text, rules, reason) };
    const comment = `/* ungil: ignore[${rules.join(", ")}] ${reason} */`;
    if (placement === "behind") return { start: at, end: at, text: `  ${comment}` };
    const indent = this.text.slice(at, at + this.text.slice(at).search(/[^ \t]|$/));
    return { start: at, end: at, text: `${indent}${comment}${this.lineBreakAt(at)}` };
  }

  /** The line break of the line at `at`, or of the text. */
  private lineBreakAt(at: number): string {
    return /\r\n|\r|\n/.exec(this.text.slice(at))?.[0] ?? /\r\n|\r|\n/.exec(this.text)?.[0] ?? "\n";
  }
}

/** It says one thing, and that rightly. */
function canTakeMore({ text, isDead }: MarkedComment): boolean {
  const [only, ...others] = ignoresIn(text);
  const says = only !== undefined && others.length === 0 && !only.isFile;
  return says && only.names.length > 0 && only.reason !== "" && !isDead;
}

/** The comment with more rules, and with one more reason unless it says that already. */
function extended(comment: string, rules: readonly string[], reason: string): string {
  const [only] = ignoresIn(comment);
  const names = [...only.names, ...rules.filter((rule) => !only.names.includes(rule))];
  const named = comment.replace(/\[[^\]]*\]/, `[${names.join(", ")}]`);
  if (only.reason.includes(reason)) return named;
  const end = /[\s*]*\*\/$|\s*$/.exec(named)!;
  return `${named.slice(0, end.index)}; ${reason}${end[0]}`;
}

/** A reason on one line that neither ends the comment nor begins another one; `""` if nothing is left. */
export function cleanReason(reason: string): string {
  return reason
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replace(/ungil:(?=\s*ignore)/g, "ungil")
    .replace(/[*\\\s]+$/, "")
    .trim();
}
