import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SHARED_ATTRIBUTES } from "../../../../src/audit/shared-file.ts";
import { parseTriage, renderTriage, type Triage } from "../../../../src/audit/triage/triage.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");

const SOME = new Map<string, Triage>([
  [id(2), { state: "false-positive", reason: 'says "no"\nand 名前', rule: "global-object", place: "a.c:3" }],
  [id(1), { assignee: "ana", note: "ask" }],
]);

const TEXT = `[
{"fingerprint":"${id(1)}","assignee":"ana","note":"ask"},
{"fingerprint":"${id(2)}","state":"false-positive","reason":"says \\"no\\"\\nand 名前","rule":"global-object","place":"a.c:3"},
{}
]
`;

describe("triage file", () => {
  it("has one line an entry, in order", () => {
    expect(renderTriage(SOME)).toBe(TEXT);
    expect(JSON.parse(TEXT)).toHaveLength(3);
  });

  it("is read as it was written", () => {
    expect(parseTriage(TEXT)).toEqual(SOME);
    expect(parseTriage(TEXT.replaceAll("\n", "\r\n"))).toEqual(SOME);
    expect(parseTriage(renderTriage(new Map()))).toEqual(new Map());
    for (const empty of ["", "[]\n", "[\n]\n"]) expect(parseTriage(empty)).toEqual(new Map());
  });

  it("leaves out what says nothing", () => {
    const rendered = renderTriage(new Map([[id(1), { assignee: "", rule: "global-object", place: "a.c:1" }]]));
    expect(rendered).toBe("[\n{}\n]\n");
  });

  it("does not change a line because another one follows", () => {
    const more = new Map([...SOME, [id(3), { note: "x" }]]);
    const lines = renderTriage(more).split("\n");
    for (const line of TEXT.split("\n")) expect(lines).toContain(line);
  });

  it.each([
    ["<<<<<<< HEAD", "line 2: a merge conflict is not resolved: keep the lines of both"],
    ["=======", "line 2: a merge conflict is not resolved: keep the lines of both"],
    ["||||||| base", "line 2: a merge conflict is not resolved: keep the lines of both"],
    ["nonsense", "line 2: not an entry"],
    ["[1]", "line 2: not an entry"],
    ["null", "line 2: not an entry"],
    ['{"state":"suppressed"}', "line 2: no fingerprint"],
    ['{"fingerprint":"12"}', "line 2: no fingerprint"],
    [`{"fingerprint":"${id(1)}","mood":"bad"}`, 'line 2: unknown key "mood"'],
    [`{"fingerprint":"${id(1)}","note":3}`, 'line 2: "note" is no text'],
    [`{"fingerprint":"${id(1)}","state":"fine"}`, 'line 2: unknown state "fine"'],
  ])("with %s is refused", (line, message) => {
    expect(() => parseTriage(`[\n${line},\n{}\n]\n`)).toThrow(message);
  });
});

describe("merging by git", () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    });
  const path = () => join(folder, "triage.json");
  const commit = (entries: Iterable<readonly [string, Triage]>) => {
    writeFileSync(path(), renderTriage(new Map(entries)));
    git("add", ".");
    git("commit", "-qm", "triage");
  };
  const merged = (base: Entries, ours: Entries, theirs: Entries) => {
    commit(base);
    git("branch", "theirs");
    commit(ours);
    git("checkout", "-q", "theirs");
    commit(theirs);
    git("merge", "-q", "-m", "merge", "main");
    return parseTriage(readFileSync(path(), "utf8"));
  };
  type Entries = [string, Triage][];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ungil-triage-"));
    git("init", "-q", "-b", "main");
    writeFileSync(join(folder, ".gitattributes"), SHARED_ATTRIBUTES.join("\n"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps what two people add at the same place", () => {
    const ours: Entries = [1, 3, 5].map((n) => [id(n), { assignee: "ana" }]);
    const theirs: Entries = [2, 4, 6].map((n) => [id(n), { note: "bo was here" }]);
    expect(merged([], ours, theirs)).toEqual(new Map([...ours, ...theirs]));
  });

  it("joins what they say of one finding", () => {
    const base: Entries = [[id(1), { note: "old" }]];
    const ours: Entries = [[id(1), { note: "old", assignee: "ana" }]];
    const theirs: Entries = [[id(1), { note: "old", state: "suppressed", reason: "why" }]];
    const joined = { note: "old", assignee: "ana", state: "suppressed", reason: "why" };
    expect(merged(base, ours, theirs)).toEqual(new Map([[id(1), joined]]));
  });

  it("forgets what one of them took back", () => {
    const base: Entries = [1, 2, 3, 4, 5].map((n) => [id(n), { note: "x" }]);
    const ours = base.slice(1);
    const theirs: Entries = [...base, [id(6), { note: "y" }]];
    expect([...merged(base, ours, theirs).keys()]).toEqual([2, 3, 4, 5, 6].map(id));
  });

  it("needs no attributes where they write at different places", () => {
    rmSync(join(folder, ".gitattributes"));
    const base: Entries = [10, 20, 30].map((n) => [id(n), { note: "x" }]);
    const found = merged(base, [[id(5), { note: "a" }], ...base], [...base, [id(40), { note: "b" }]]);
    expect(found.size).toBe(5);
  });
});
