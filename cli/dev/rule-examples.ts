/** Examples for the pages of rules, cut out of the samples, which tests audit, fix and compile. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { defaultOptions } from "../../src/audit/options.ts";
import { readProject } from "../../src/audit/session.ts";
import type { FileFacts } from "../../src/ir/facts.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";
import type { RuleExample } from "../../src/rule-api/types.ts";
import { LineMap } from "../../src/text/lines.ts";
import { CHOICES, type Choice, PARAGRAPH } from "./example-choice.ts";

const EXPECT = /[ \t]*(?:\/\*|\/\/)\s*expect:\s*([a-z0-9, -]+?)\s*(?:\*\/|$)/gm;
const OPTIONS = /^\S+ ungil-sample:.*/;

interface Sample {
  text: string;
  lines: LineMap;
  facts: FileFacts;
}

interface Span {
  start: number;
  end: number;
}

/**
 * The example of each rule.
 * @throws if one that was chosen is not there, or has no finding of its rule.
 */
export async function ruleExamples(root: string, registry: readonly AnyRule[]): Promise<Map<string, RuleExample>> {
  const folder = join(root, "samples/rules");
  const options = { ...defaultOptions(), cwd: folder, paths: ["."], cache: false };
  const { facts } = await readProject(options, { registry });
  const samples = new Map(facts.map((f) => [f.file, sampleOf(folder, f)]));
  return new Map(registry.map(({ name }) => [name, exampleOf(name, CHOICES[name as keyof typeof CHOICES], samples)]));
}

function sampleOf(folder: string, facts: FileFacts): Sample {
  const text = readFileSync(join(folder, facts.file), "utf8");
  return { text, lines: LineMap.of(text), facts };
}

function exampleOf(rule: string, { file, found, good }: Choice, samples: ReadonlyMap<string, Sample>): RuleExample {
  const path = `${rule}/${file}`;
  const sample = samples.get(path);
  if (sample === undefined) throw new Error(`there is no sample ${path}`);
  const cut = found.map((name) => (name === PARAGRAPH ? paragraph(sample, rule) : spanOf(sample, name, path)));
  const code = textOf(sample, cut);
  if (![...code.matchAll(EXPECT)].some((m) => namesIn(m).includes(rule))) {
    throw new Error(`${path}: ${found.join(", ")} has no finding of the rule`);
  }
  const extension = extname(file);
  const fixed = samples.get(`${path.slice(0, -extension.length)}.fixed${extension}`);
  const fixedCode = fixed && fixedText(found, sample, fixed, rule);
  return {
    found: marked(code, rule),
    ...(fixedCode !== undefined && fixedCode !== unmarked(code)
      ? { fixed: { code: fixedCode, level: levelOf(sample.text) } }
      : {}),
    ...(good
      ? {
          good: unmarked(
            textOf(
              sample,
              good.map((name) => spanOf(sample, name, path)),
            ),
          ),
        }
      : {}),
  };
}

function spanOf({ facts }: Sample, name: string, path: string): Span {
  const found =
    facts.functions.find((f) => f.name === name) ?? facts.statics.find((s) => isFileScope(s) && s.name === name);
  if (found === undefined) throw new Error(`${path}: there is no ${name}`);
  return found;
}

const isFileScope = (s: { owner?: string }) => s.owner === undefined;

function paragraph({ text }: Sample, rule: string): Span {
  const at = [...text.matchAll(EXPECT)].find((m) => namesIn(m).includes(rule))?.index ?? 0;
  const end = text.indexOf("\n\n", at);
  return { start: text.lastIndexOf("\n\n", at) + 2, end: end < 0 ? text.length : end };
}

/** The same pieces after the fix, with what it made for them: a function under the lock, a mutex. */
function fixedText(found: readonly string[], before: Sample, fixed: Sample, rule: string): string {
  if (found[0] === PARAGRAPH) return unmarked(textOf(fixed, [paragraph(fixed, rule)]));
  const known = new Set([...before.facts.functions, ...before.facts.statics].map((f) => f.name));
  const isPart = ({ name }: { name: string }) =>
    found.includes(name) || (!known.has(name) && found.some((n) => name.startsWith(`${n}_`)));
  const spans = [
    ...fixed.facts.statics.filter((s) => isFileScope(s) && isPart(s)),
    ...fixed.facts.functions.filter(isPart),
  ];
  return unmarked(textOf(fixed, spans));
}

/** Whole lines, in the order of the file; one-liners that follow each other stay together. */
function textOf({ text, lines }: Sample, spans: readonly Span[]): string {
  const parts = [...spans]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => {
      const last = lines.lineOf(Math.max(end - 1, start));
      const to = last < lines.lineCount ? lines.startOf(last + 1) : text.length;
      return { from: lines.startOf(lines.lineOf(start)), to };
    });
  return parts
    .map(({ from, to }, i) => (i === 0 || parts[i - 1].to === from ? "" : "\n") + text.slice(from, to))
    .join("")
    .trim();
}

function namesIn(match: RegExpMatchArray): string[] {
  return match[1].split(",").map((name) => name.trim());
}

function levelOf(text: string): "safe" | "review" {
  return OPTIONS.exec(text)?.[0].includes("fix=review") ? "review" : "safe";
}

/** Annotations are for tests: a reader wants to see where the finding is. */
function marked(text: string, rule: string): string {
  return plain(text.replace(EXPECT, (...m) => (m[1].includes(rule) ? "  /* found here */" : "")));
}

function unmarked(text: string): string {
  return plain(text.replace(EXPECT, ""));
}

/** Without what only the tests of the samples want to know. */
function plain(text: string): string {
  return text
    .replace(OPTIONS, "")
    .replace(/(?<=\w)_(bad|ok)\b/g, "")
    .trim();
}
