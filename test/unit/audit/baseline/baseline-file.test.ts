import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import {
  type BaselineEntry,
  BaselineMistake,
  parseBaseline,
  renderBaseline,
} from "../../../../src/audit/baseline/baseline-file.ts";
import { SHARED_ATTRIBUTES } from "../../../../src/audit/shared-file.ts";

const packageFolder = join(import.meta.dirname, "../../../..");
const { exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
const id = (n: number) => n.toString(16).padStart(32, "0");
const entry = (n: number, over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  file: "src/a.c",
  function: "f",
  rule: "borrowed-cell",
  symbol: "cell",
  risk: "high",
  fingerprint: id(n),
  ...over,
});
const baseline = (...entries: BaselineEntry[]) => ({ target: "3.13", entries });

describe("the text of a baseline", () => {
  it("has a line for each entry, sorted by what people look for", () => {
    const entries = [entry(1, { file: "b.c" }), entry(2, { symbol: "d" }), entry(3), entry(4, { function: "" })];
    const text = renderBaseline(baseline(...entries));
    expect(text).toBe(`[
{"version":1,"target":"3.13"},
{"file":"b.c","function":"f","rule":"borrowed-cell","symbol":"cell","risk":"high","fingerprint":"${id(1)}"},
{"file":"src/a.c","function":"","rule":"borrowed-cell","symbol":"cell","risk":"high","fingerprint":"${id(4)}"},
{"file":"src/a.c","function":"f","rule":"borrowed-cell","symbol":"cell","risk":"high","fingerprint":"${id(3)}"},
{"file":"src/a.c","function":"f","rule":"borrowed-cell","symbol":"d","risk":"high","fingerprint":"${id(2)}"},
{}
]
`);
    expect(parseBaseline(text).entries.map((e) => e.fingerprint)).toEqual([id(1), id(4), id(3), id(2)]);
  });

  it("is what the schema in the package says", () => {
    const path = join(packageFolder, exports["./schema/ungil-baseline-1.schema.json"].replace("./dist/", ""));
    const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(path, "utf8")));
    const written = JSON.parse(renderBaseline(baseline(entry(1), entry(2))));
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(JSON.parse(renderBaseline(baseline())))).toBe(true);
    for (const bad of [[{}], [{ version: 2, target: "3.13" }], [written[0], { ...written[1], more: 1 }]]) {
      expect(validate(bad)).toBe(false);
    }
  });

  it("keeps names that JSON must escape", () => {
    const odd = entry(1, { file: 'a "b"\n\u2028\u001b[31m.c', symbol: "größe" });
    expect(parseBaseline(renderBaseline(baseline(odd))).entries).toEqual([odd]);
  });

  it("is read in any layout, order and with any line ends", () => {
    const text = renderBaseline(baseline(entry(1), entry(2)));
    for (const other of [
      text.replaceAll("\n", "\r\n"),
      `\ufeff${text}`,
      JSON.stringify(JSON.parse(text)),
      JSON.stringify(JSON.parse(text), null, 4),
      `[\n${text.split("\n").slice(1, -2).reverse().join("\n")}\n]`,
    ]) {
      expect(parseBaseline(other)).toEqual(baseline(entry(1), entry(2)));
    }
  });

  it("takes the later of two entries for one finding", () => {
    const lines = renderBaseline(baseline(entry(1))).split("\n");
    lines.splice(3, 0, lines[2].replace("high", "low"));
    expect(parseBaseline(lines.join("\n")).entries).toEqual([entry(1, { risk: "low" })]);
  });

  it.each<[string, (text: string) => string, number, string]>([
    ["a conflict", (t) => t.replace("{}", "<<<<<<< mine\n{}"), 4, "a merge conflict is not resolved"],
    ["no JSON", (t) => t.replace('{"file"', "{file"), 3, "not an entry"],
    ["an unknown key", (t) => t.replace('"rule"', '"rules":"x","rule"'), 3, 'unknown key "rules"'],
    ["a missing key", (t) => t.replace('"symbol":"cell",', ""), 3, 'no "symbol"'],
    ["another type", (t) => t.replace('"cell"', "7"), 3, 'no "symbol"'],
    ["an unknown risk", (t) => t.replace('"high"', '"awful"'), 3, '"risk" must be one of'],
    ["no fingerprint", (t) => t.replace(id(1), "12"), 3, "32 hexadecimal digits"],
    ["another version", (t) => t.replace('"version":1', '"version":2'), 2, "a newer ungil wrote it"],
    ["no target", (t) => t.replace(',"target":"3.13"', ""), 2, 'no "target"'],
    ["nothing", () => "", 1, "no baseline"],
    ["a triage file", () => "[\n{}\n]\n", 1, "no baseline"],
    ["a mistake in another layout", (t) => JSON.stringify(JSON.parse(t), null, 2).replace("high", "bad"), 6, "risk"],
  ])("is refused with its line: %s", (_, change, line, message) => {
    const attempt = () => parseBaseline(change(renderBaseline(baseline(entry(1)))));
    expect(attempt).toThrow(BaselineMistake);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect((error as BaselineMistake).line).toBe(line);
    }
  });
});

const git = (folder: string, ...args: string[]) =>
  spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

describe.skipIf(git(".", "--version").status !== 0)("git (skipped without it)", () => {
  it("merges what two people add and take out", () => {
    const folder = mkdtempSync(join(tmpdir(), "ungil-baseline-"));
    const write = (...entries: BaselineEntry[]) =>
      writeFileSync(join(folder, "baseline.json"), renderBaseline(baseline(...entries)));
    try {
      git(folder, "init");
      writeFileSync(join(folder, ".gitattributes"), SHARED_ATTRIBUTES.join("\n"));
      write(entry(1), entry(5));
      git(folder, "add", ".");
      git(folder, "commit", "-m", "a");
      git(folder, "checkout", "-b", "theirs");
      write(entry(1), entry(3), entry(5));
      git(folder, "commit", "-am", "b");
      git(folder, "checkout", "main");
      write(entry(1), entry(4), entry(5), entry(6));
      git(folder, "commit", "-am", "c");
      expect(git(folder, "merge", "theirs").status).toBe(0);
      const merged = parseBaseline(readFileSync(join(folder, "baseline.json"), "utf8"));
      expect(merged.entries.map((e) => Number(e.fingerprint))).toEqual([1, 3, 4, 5, 6]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
