import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fg from "fast-glob";
import { afterAll, describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { defaultOptions } from "../../../src/audit/options.ts";
import { audit } from "../../../src/audit/session.ts";
import { lex } from "../../../src/syntax/view/lexer.ts";

const samples = join(import.meta.dirname, "../../../samples");
const names = fg.sync(["demo/src/*.{c,h}", "rules/*/*.{c,cpp,h}"], { cwd: samples, ignore: ["**/*.fixed.*"] });
const folder = mkdtempSync(join(tmpdir(), "ungil-layout-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Piece {
  text: string;
  kind: "token" | "directive";
  /** A line break comes before it. */
  newline: boolean;
  /** It does not touch the one before it. */
  apart: boolean;
  /** Parentheses that are open before it. */
  depth: number;
}

/** Each token as it is, and each directive, with the body of a macro on many lines. */
function pieces(text: string, cpp: boolean): Piece[] {
  const { tokens, directives } = lex(text, { cpp });
  const found: Piece[] = [];
  let next = 0;
  let depth = 0;
  const flush = (until: number) => {
    for (; next < until; next++) {
      const word = text.slice(tokens.start[next], tokens.end[next]);
      if (word === ")") depth--;
      found.push({
        text: word,
        kind: "token",
        newline: tokens.newline[next] === 1,
        apart: next === 0 || tokens.end[next - 1] < tokens.start[next],
        depth,
      });
      if (word === "(") depth++;
    }
  };
  for (const d of directives) {
    flush(d.token);
    const rest = text.slice(d.restStart, d.end);
    const body = d.word === "define" ? rewrapped(rest, cpp) : rest;
    found.push({ text: `#${d.word}${body}`, kind: "directive", newline: true, apart: true, depth });
  }
  flush(tokens.n);
  return found;
}

/** The body of a macro with every token on its own line; name and parameters stay together. */
function rewrapped(rest: string, cpp: boolean): string {
  const { tokens } = lex(rest, { cpp, macroBody: true });
  const hasParameters = tokens.n > 1 && rest[tokens.start[1]] === "(" && tokens.start[1] === tokens.end[0];
  let head = 1;
  if (hasParameters) while (head < tokens.n && rest[tokens.start[head - 1]] !== ")") head++;
  const words = Array.from({ length: tokens.n }, (_, i) => rest.slice(tokens.start[i], tokens.end[i]));
  return ` ${words.slice(0, head).join("")} ${words.slice(head).join(" \\\n\t")}`;
}

/** `gap` says what comes between two pieces. */
function laidOut(text: string, cpp: boolean, gap: (before: Piece, after: Piece) => string): string {
  const all = pieces(text, cpp);
  return all
    .map((piece, i) => {
      const next = all[i + 1];
      if (next === undefined) return `${piece.text}\n`;
      const isDirective = piece.kind === "directive" || next.kind === "directive";
      return piece.text + (isDirective ? "\n" : gap(piece, next));
    })
    .join("");
}

const blank = (piece: Piece) => (piece.apart ? " " : "");

const LAYOUTS: [string, (text: string, cpp: boolean) => string][] = [
  [
    "breaks behind commas, parentheses and operators",
    (text, cpp) =>
      laidOut(text, cpp, (a, b) => (b.newline || /^([,(=+?]|&&|\|\|)$/.test(a.text) ? "\n\t  " : blank(b))),
  ],
  [
    "statements on one line",
    (text, cpp) => laidOut(text, cpp, (_, b) => (b.newline && b.depth === 0 ? "\n" : blank(b))),
  ],
  [
    "comments between and in statements",
    (text, cpp) =>
      laidOut(text, cpp, (a, b) =>
        b.newline && b.depth === 0 ? "\n\t/* if (x) { return; */ // }\n" : a.text === "," ? " /* ; */ " : blank(b),
      ),
  ],
  ["CRLF and tabs", (text) => text.replaceAll("    ", "\t").replaceAll("\n", "\r\n")],
];

async function prints(change: (text: string, cpp: boolean) => string): Promise<Map<string, string>> {
  for (const name of names) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, change(readFileSync(join(samples, name), "utf8"), name.endsWith(".cpp")));
  }
  const options = { ...defaultOptions(), cwd: folder, paths: ["."], cache: false, jobs: 1 };
  const { findings } = await audit(options, { registry });
  const found = new Map(findings.map((f) => [f.fingerprint, `${f.file} ${f.function} ${f.rule} ${f.symbol}`]));
  expect(found.size).toBe(findings.length);
  return found;
}

describe("fingerprints of the samples", async () => {
  const before = await prints((text) => text);

  it("are many", () => expect(before.size).toBeGreaterThan(300));

  it.each(LAYOUTS)(
    "stay the same with %s",
    async (_, change) => {
      const after = await prints(change);
      const lost = [...before].filter(([print]) => !after.has(print)).map(([, what]) => what);
      expect(lost).toEqual([]);
    },
    60_000,
  );
});
