import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { tar, zip } from "../unit/audit/sweep/archives.ts";
import { DECLARED, MODULE, tree, ungil, ungilAsync } from "./ungil.ts";

const root = join(import.meta.dirname, "../..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const schema = (name: string) => JSON.parse(readFileSync(join(root, packageJson.exports[`./schema/${name}`]), "utf8"));

const SDIST = [
  { path: "lamp-1.2/PKG-INFO", content: "Name: lamp\nVersion: 1.2\n" },
  { path: "lamp-1.2/src/lamp.c", content: MODULE },
  { path: "lamp-1.2/lamp.py", content: "" },
  { path: "lamp-1.2/link.c", content: "", type: "SymbolicLink", linkpath: "/etc/passwd" },
];
const WHOLE = gzipSync(tar(SDIST));
/** Audits take longer than a second, and more than 64 MB. */
const HEAVY = Array.from({ length: 6000 }, (_, i) => MODULE.replaceAll("lamp", `lamp${i}`)).join("\n");

/** Targets of every kind, and a list of them in no good order. */
function targets(): string {
  return tree({
    "sdists/lamp-1.2.tar.gz": WHOLE,
    "sdists/declared.zip": zip([{ path: "d/x.c", content: DECLARED }]),
    "sdists/torn.tgz": WHOLE.subarray(0, -30),
    "sdists/text.tar.gz": "no archive, but long enough to be looked at".repeat(20),
    "checkout/src/lamp.c": MODULE,
    "loose.c": MODULE,
    "python/x.py": "",
    "short.txt": "torn = sdists/torn.tgz\npython\nlamp = sdists/lamp-1.2.tar.gz\ncheckout\n",
    "list.txt": [
      "python",
      "sdists/torn.tgz   # cut off",
      "lamp = sdists/lamp-1.2.tar.gz",
      "gone = no/such/folder",
      "checkout",
      "sdists/text.tar.gz",
      "sdists/declared.zip",
      "loose.c",
    ].join("\n"),
  });
}

function records(text: string): SweepRecord[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as SweepRecord]));
}

describe("a sweep", () => {
  const cwd = targets();
  const run = ungil(["sweep", "list.txt", "-o", "all.jsonl", "--findings", "--jobs", "3"], cwd);
  const file = readFileSync(join(cwd, "all.jsonl"), "utf8");
  const all = new Map(records(file).map((r) => [r.name, r]));

  it("ends well though some targets could not be audited, unless --strict", () => {
    expect(run.stderr).toContain("8 targets: 3 audited, 1 without extension code, 4 failed.\n");
    expect(run.stderr.match(/^\[\d\/8\] /gm)).toHaveLength(8);
    expect([run.code, run.stdout]).toEqual([0, ""]);
    const strict = ungil(["sweep", "list.txt", "-q", "--strict"], cwd);
    expect([strict.code, strict.stderr]).toEqual([2, ""]);
    expect(ungil(["sweep", "checkout", "-q", "--strict"], cwd).code).toBe(0);
  });

  it("has a record for each target, sorted, as the exported schema says", () => {
    const ajv = new Ajv({ strict: true, allErrors: true }).addSchema(schema("ungil-report-1.schema.json"));
    const validate = ajv.compile(schema("ungil-sweep-1.schema.json"));
    for (const record of records(file)) expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect([...all.values()].map((r) => [r.name, r.state, r.reason])).toEqual([
      ["checkout", "done", null],
      ["declared", "done", null],
      ["gone", "failed", "no such file or folder"],
      ["lamp", "done", null],
      ["loose.c", "failed", "neither a folder nor an archive"],
      ["python", "no-extension", null],
      ["text", "failed", "the archive is damaged: checksum failure"],
      ["torn", "failed", "the archive is truncated"],
    ]);
  });

  it("says what was in an archive and what became of it", () => {
    const lamp = all.get("lamp")!;
    expect(lamp.package).toEqual({ name: "lamp", version: "1.2", classifier: false });
    expect(lamp.archive).toMatchObject({
      entries: 4,
      files: 2,
      unneeded: 1,
      skipped: [{ reason: "symbolic link", entries: 1, examples: ["lamp-1.2/link.c"] }],
    });
    expect(lamp.summary?.modules).toEqual([expect.objectContaining({ name: "lamp", declared: "no" })]);
    expect(lamp.work?.rules["gil-slot-missing"]).toMatchObject({ family: "module" });
    expect(lamp.findings).toEqual([expect.objectContaining({ rule: "gil-slot-missing", file: "src/lamp.c" })]);
    expect(all.get("checkout")!.archive).toBeNull();
  });

  it("gives the same bytes for any number of jobs, and the order of the list to standard output", () => {
    const more = ["sweep", "short.txt", "--findings", "-q", "--no-cache", "--jobs"];
    const one = ungil([...more, "1"], cwd);
    expect(ungil([...more, "4"], cwd).stdout).toBe(one.stdout);
    expect(records(one.stdout).map((r) => r.name)).toEqual(["torn", "python", "lamp", "checkout"]);
    expect(ungil([...more, "4"], cwd).stdout).toBe(one.stdout);
    for (const { path: _, ...record } of records(one.stdout)) expect(all.get(record.name)).toMatchObject(record);
  });

  it("takes targets directly, and lists from standard input", async () => {
    const { stdout } = await ungilAsync(["sweep", "checkout", "-", "-q"], cwd, {}, (child) =>
      child.stdin!.end("x = sdists/declared.zip\n"),
    );
    expect(records(stdout).map((r) => [r.name, r.path])).toEqual([
      ["checkout", "checkout"],
      ["x", "sdists/declared.zip"],
    ]);
  });

  it("puts whole reports into a folder, and proves fixes", () => {
    const more = ungil(["sweep", "checkout", "-q", "--reports", "out/reports", "--fixes"], cwd);
    expect(records(more.stdout)[0].work).toEqual({
      proven: true,
      rules: { "gil-slot-missing": { family: "module", safe: 1, review: 0, manual: 0, low: 0 } },
    });
    const report = JSON.parse(readFileSync(join(cwd, "out/reports/checkout.json"), "utf8"));
    const validate = new Ajv({ strict: true }).compile(schema("ungil-report-1.schema.json"));
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  });

  it("leaves the configurations of the targets alone, unless they shall count", () => {
    const own = tree({
      "p/x.c": MODULE,
      "p/ungil.toml": 'ignore = ["module"]\n',
      "q/x.c": MODULE,
      "q/ungil.toml": "x = 1",
    });
    const [p, q] = records(ungil(["sweep", "p", "q", "-q"], own).stdout);
    expect([p.summary?.risks.high, q.state]).toEqual([1, "done"]);
    const [p2, q2] = records(ungil(["sweep", "p", "q", "-q", "--with-config"], own).stdout);
    expect([p2.summary?.risks.high, q2.state]).toEqual([0, "failed"]);
    expect(q2.reason).toContain("unknown key `x`");
  });
});

describe("a target", () => {
  const heavy = () => tree({ "heavy/x.c": HEAVY, "light/x.c": MODULE });

  it("that takes too long, or too much memory, fails alone", () => {
    const cwd = heavy();
    const late = records(ungil(["sweep", "heavy", "light", "-q", "--no-cache", "--timeout", "1"], cwd).stdout);
    expect(late[0]).toMatchObject({ state: "timed-out", reason: "not done within 1 s (--timeout raises the limit)" });
    const big = records(ungil(["sweep", "heavy", "light", "-q", "--no-cache", "--memory", "96"], cwd).stdout);
    expect(big[0]).toMatchObject({ state: "failed", reason: "needs more than 96 MB (--memory raises the limit)" });
    expect(big).toHaveLength(2);
  });
});

describe("an interrupted sweep", () => {
  it("leaves whole records and nothing else, and goes on", async () => {
    const cwd = tree({
      "a/x.c": MODULE,
      "b/x.c": HEAVY,
      "c.zip": zip([{ path: "c/x.c", content: DECLARED }]),
      "tmp/x": "",
    });
    const args = ["sweep", "a", "b", "c.zip", "-o", "s.jsonl", "--jobs", "1"];
    const run = await ungilAsync(args, cwd, { TMPDIR: join(cwd, "tmp") }, (child) => {
      child.stderr!.on("data", (text) => {
        // The next target has just begun.
        if (String(text).includes("[1/3]")) setTimeout(() => child.kill("SIGTERM"), 300);
      });
    });
    expect(run.stderr).toContain("ungil: interrupted; the same command with --resume goes on\n");
    expect(run.code).toBe(130);
    expect(readdirSync(join(cwd, "tmp"))).toEqual(["x"]);
    expect(existsSync(join(cwd, "s.jsonl.lock"))).toBe(false);
    expect(records(readFileSync(join(cwd, "s.jsonl"), "utf8")).map((r) => r.name)).toEqual(["a"]);
    const rest = ungil([...args, "--resume", "--timeout", "1"], cwd);
    expect(rest.stderr).toContain("a: unchanged\n");
    expect(records(readFileSync(join(cwd, "s.jsonl"), "utf8")).map((r) => r.name)).toEqual(["a", "b", "c"]);
  });

  it("by a kill goes on behind the last whole line", () => {
    const cwd = targets();
    const args = ["sweep", "short.txt", "-o", "s.jsonl"];
    ungil(args, cwd);
    const path = join(cwd, "s.jsonl");
    const whole = readFileSync(path, "utf8");
    const lines = whole.split("\n");
    writeFileSync(path, `${[lines[1], lines[0]].join("\n")}\n${lines[2].slice(0, 200)}`);

    const refused = ungil(args, cwd);
    expect(refused.stderr).toMatch(/^ungil: s\.jsonl exists\n--resume goes on with it/);
    expect(refused.code).toBe(2);

    const resumed = ungil([...args, "--resume"], cwd);
    expect(resumed.stderr.match(/: unchanged$/gm)).toHaveLength(2);
    expect(readFileSync(path, "utf8")).toBe(whole);
  });

  it("audits again what changed, what failed, and what other options would see otherwise", () => {
    const cwd = targets();
    const args = ["sweep", "short.txt", "-o", "s.jsonl", "--resume"];
    const again = (more: string[] = []) => {
      const { stderr } = ungil([...args, ...more], cwd);
      return [...stderr.matchAll(/^\[\d\/4\] (\S+): (?!unchanged)/gm)].map((m) => m[1]).sort();
    };
    expect(again()).toHaveLength(4);
    expect(again()).toEqual(["torn"]);
    writeFileSync(join(cwd, "checkout/src/lamp.c"), DECLARED);
    expect(again()).toEqual(["checkout", "torn"]);
    expect(again(["--target", "3.14"])).toHaveLength(4);
  });
});

describe("shards", () => {
  const cwd = targets();
  const shard = (n: number) => ["sweep", "short.txt", "-q", "--shard", `${n}/3`, "-o", "s-{shard}.jsonl"];

  it("are merged to what one sweep over all would have written", () => {
    expect([1, 2, 3].map((n) => ungil(shard(n), cwd).code)).toEqual([0, 0, 0]);
    ungil(["sweep", "short.txt", "-q", "-o", "all.jsonl"], cwd);
    const files = [3, 1, 2].map((n) => `s-${n}-of-3.jsonl`);
    const merged = ungil(["sweep", "merge", ...files, "--format", "jsonl"], cwd);
    expect(merged.stdout).toBe(readFileSync(join(cwd, "all.jsonl"), "utf8"));
    for (const format of ["html", "json"]) {
      const ranking = (inputs: string[]) => ungil(["sweep", "merge", ...inputs, "--format", format], cwd).stdout;
      expect(ranking(files)).toBe(ranking(["all.jsonl"]));
    }
    const short = ["sweep", "merge", files[0], "--list", "short.txt", "--strict", "-o", "r.md"];
    expect(ungil(short, cwd).code).toBe(2);
    expect(readFileSync(join(cwd, "r.md"), "utf8")).toContain("### Missing");
  });

  it("never write one file at a time", async () => {
    const heavy = tree({ "a/x.c": HEAVY, "b/x.c": MODULE });
    const args = ["sweep", "b", "a", "-o", "s.jsonl", "--jobs", "1"];
    let second: ReturnType<typeof ungil> | undefined;
    await ungilAsync(args, heavy, {}, (child) => {
      child.stderr!.once("data", () => {
        second = ungil([...args, "--resume"], heavy);
        child.kill("SIGINT");
      });
    });
    expect(second?.stderr).toMatch(
      /^ungil: another sweep \(process \d+ on \S+\) writes s\.jsonl\nGive each shard its own file/,
    );
    expect(second?.code).toBe(2);
  });
});

describe("what cannot be meant", () => {
  const cwd = tree({
    "a/x.c": MODULE,
    "b/a/x.c": MODULE,
    "empty.txt": "# nothing\n",
    bin: "\xff\0",
    "r.jsonl": "{}\n",
  });

  it.each<[string[], RegExp]>([
    [["sweep"], /missing required argument 'TARGET'/],
    [["sweep", "nowhere"], /no such file or folder: nowhere/],
    [["sweep", "empty.txt"], /the list names no target/],
    [["sweep", "bin"], /^ungil: bin is neither an archive nor a list|^ungil: bin:1: a control character/],
    [["sweep", "a", "b/a"], /two targets are called a: a and b\/a/],
    [["sweep", "a", "--resume"], /--resume needs a file/],
    [["sweep", "a", "-o", "no/such/x.jsonl"], /cannot write no\/such\/x\.jsonl: no such folder/],
    [["sweep", "a", "-o", "r.jsonl", "--resume"], /r\.jsonl:1: no record of a sweep/],
    [["sweep", "a", "-o", "{shard}.jsonl"], /there are no shards/],
    [["sweep", "a", "--shard", "4/3"], /no shard/],
    [["sweep", "a", "--select", "nope"], /unknown rule or family "nope"/],
    [["sweep", "merge", "r.jsonl"], /r\.jsonl:1: no record of a sweep/],
    [["sweep", "merge", "none.jsonl"], /cannot read none\.jsonl \(ENOENT\)/],
    [["sweep", "merge", "r.jsonl", "--jobs", "2"], /sweep merge has no option --jobs/],
    [["sweep-target"], /only `ungil sweep` starts this command/],
  ])("%j", (args, message) => {
    const run = ungil(args, cwd);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect([run.code, run.stdout]).toEqual([2, ""]);
  });
});
