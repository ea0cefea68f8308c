import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { temporaryFolder, ungil } from "../cli/ungil.ts";
import { PseudoTerminal, pause, whyNoTerminal } from "./pseudo-terminal.ts";

const root = join(import.meta.dirname, "../..");
const missing = whyNoTerminal();
const open: PseudoTerminal[] = [];

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.kill();
});

function demo(): string {
  const folder = join(temporaryFolder(), "demo");
  cpSync(join(root, "samples/demo"), folder, { recursive: true });
  execFileSync("git", ["init", "-q"], { cwd: folder });
  execFileSync("git", ["add", "-A"], { cwd: folder });
  return folder;
}

function terminalIn(folder: string, size = { columns: 140, rows: 40 }, env: Record<string, string> = {}) {
  const terminal = new PseudoTerminal(folder, size, env);
  open.push(terminal);
  return terminal;
}

/** Shows what the filter lets through, and goes to the last one. */
async function filter(terminal: PseudoTerminal, text: string): Promise<void> {
  terminal.press("/");
  await pause(300);
  terminal.press("C-u");
  await pause(100);
  terminal.type(text);
  await terminal.shows(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await pause(200);
  terminal.press("Enter");
  await pause(300);
  terminal.press("G");
  await pause(300);
}

/** Answers a question of one line. */
async function answer(terminal: PseudoTerminal, key: string, text: string): Promise<void> {
  terminal.press(key);
  await pause(400);
  terminal.type(text);
  await terminal.shows(new RegExp(text));
  terminal.press("Enter");
}

const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, encoding: "utf8" });

/** The shell has the terminal back, as it was. */
async function isClean(terminal: PseudoTerminal): Promise<void> {
  await terminal.until(
    () => !terminal.modes().alternate,
    () => "the alternate screen is still on",
  );
  expect(terminal.modes()).toEqual({ alternate: false, cursor: true });
  const settings = await terminal.settings();
  expect(settings).toMatch(/\sicanon/);
  expect(settings).toMatch(/\secho\s/);
  expect(settings).toMatch(/\sisig\s/);
  expect(settings).toMatch(/\sopost\s/);
}

if (missing !== undefined) process.stderr.write(`skipped: the review screen in a terminal: ${missing}\n`);

describe.skipIf(missing !== undefined)("ungil review in a terminal", () => {
  it("goes from the scan to the end of a session", async () => {
    const folder = demo();
    const editor = join(temporaryFolder(), "editor");
    writeFileSync(editor, '#!/bin/sh\nprintf "/* edited with %s */\\n" "$1" >> "$2"\n');
    chmodSync(editor, 0o755);
    const module = join(folder, "src/module.c");
    const store = join(folder, "src/store.c");
    const read = (file: string) => readFileSync(file, "utf8");
    const untouched = read(module);
    const storeBefore = read(store);
    const terminal = terminalIn(folder, undefined, { EDITOR: editor });
    terminal.start(["review"]);
    await terminal.shows(/src\/store\.c/);
    expect(terminal.modes()).toEqual({ alternate: true, cursor: false });

    // Look: code, evidence, fix, rule.
    await filter(terminal, "rule:gil-slot-missing");
    await terminal.shows(/deck_slots\[\] = \{/);
    terminal.press("2");
    await terminal.shows(/PyInit__deck|line \d+|module\.c:\d+/);
    terminal.press("3");
    await terminal.shows(/\{Py_mod_gil, Py_MOD_GIL_NOT_USED\}/);
    terminal.press("4");
    await terminal.shows(/Why it breaks/);

    // Fix, undo, redo.
    terminal.press("a");
    await terminal.shows(/fixed 1/);
    const fixed = read(module);
    expect(fixed).toContain("Py_MOD_GIL_NOT_USED");
    terminal.press("u");
    await terminal.shows(/undone/);
    expect(read(module)).toBe(untouched);
    terminal.press("U");
    await terminal.shows(/done again/);
    expect(read(module)).toBe(fixed);

    // Suppress: by a comment, and in the triage file.
    await filter(terminal, "rule:borrowed-list-item store_set_capacity");
    terminal.press("s");
    await terminal.shows(/triage\.json/);
    await answer(terminal, "Enter", "the list is never shared");
    await terminal.shows(/suppressed 1/);
    expect(read(store)).toContain("/* ungil: ignore[borrowed-list-item] the list is never shared */\n");
    terminal.press("u");
    await terminal.shows(/undone/);
    expect(read(store)).toBe(storeBefore);
    terminal.press("U");
    await terminal.shows(/done again/);
    await filter(terminal, "rule:global-object");
    terminal.press("s");
    await terminal.shows(/triage\.json/);
    terminal.press("j");
    await pause(300);
    await answer(terminal, "Enter", "one interpreter only");
    await terminal.shows(/noted/);
    const triage = join(folder, ".ungil/triage.json");
    expect(read(triage)).toMatch(/"state":"suppressed","reason":"one interpreter only"/);

    // Decide: false positive, name, note.
    await filter(terminal, "rule:lock-leak");
    await answer(terminal, "f", "released by the caller");
    await terminal.shows(/noted/);
    await answer(terminal, "w", "Ada");
    await terminal.shows(/noted/);
    await answer(terminal, "m", "ask upstream");
    await terminal.shows(/noted/);
    expect(read(triage)).toMatch(
      /"state":"false-positive","reason":"released by the caller","assignee":"Ada","note":"ask upstream","rule":"lock-leak"/,
    );

    terminal.press("x");
    await terminal.shows(/written to ungil-selection\.md/);
    expect(read(join(folder, "ungil-selection.md"))).toMatch(
      /`lock-leak`[\s\S]*false-positive: released[\s\S]*for Ada/,
    );

    terminal.press("e");
    await terminal.until(
      () => /\/\* edited with \+\d+ \*\/\n$/.test(read(join(folder, "src/journal.c"))),
      () => `the editor did not run:\n${terminal.screen()}`,
    );
    await terminal.shows(/lock-leak/);
    expect(terminal.modes()).toEqual({ alternate: true, cursor: false });

    appendFileSync(module, "/* from outside */\n");
    await terminal.shows(/changed outside: src\/module\.c/);
    expect(read(module)).toBe(`${fixed}/* from outside */\n`);

    terminal.press("q");
    expect(await terminal.ended()).toBe("0");
    await isClean(terminal);

    // Only what was asked for is in the work tree, and no other tool sees the rest.
    expect(git(folder, "diff", "--name-only")).toBe("src/journal.c\nsrc/module.c\nsrc/store.c\n");
    expect(git(folder, "ls-files", "-o", "--exclude-standard")).toBe(
      ".ungil/.gitattributes\n.ungil/triage.json\nungil-selection.md\n",
    );
    expect(readdirSync(join(folder, "src")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const report = ungil(["--format", "json", "--select", "borrowed-list-item,gil-slot-missing"], folder);
    const { findings } = JSON.parse(report.stdout) as { findings: { rule: string; function: string }[] };
    expect(findings.filter((f) => f.rule === "gil-slot-missing")).toEqual([]);
    expect(findings.filter((f) => f.rule === "borrowed-list-item" && f.function === "store_set_capacity")).toEqual([]);

    // The next one begins where this one ended.
    rmSync(join(folder, "ungil-selection.md"));
    const again = terminalIn(folder);
    again.start(["review", "--resume"]);
    await again.shows(/\/rule:lock-leak/);
  });

  it("never overwrites what changed outside", async () => {
    const folder = demo();
    const module = join(folder, "src/module.c");
    const terminal = terminalIn(folder);
    terminal.start(["review"]);
    await terminal.shows(/src\/store\.c/);
    await filter(terminal, "rule:gil-slot-missing");
    terminal.press("3");
    await terminal.shows(/Py_MOD_GIL_NOT_USED/);
    const text = `/* mine */\n${readFileSync(module, "utf8")}`;
    writeFileSync(module, text);
    terminal.press("a");
    await terminal.shows(/changed since it was scanned|changed outside|fixed 1/);
    // Whichever came first, the watch or the key: the line from outside is there.
    expect(readFileSync(module, "utf8")).toMatch(/^\/\* mine \*\/\n/);
  });

  it.each([
    ["SIGINT", "130"],
    ["SIGTERM", "143"],
  ] as const)("gives the terminal back on %s", async (signal, code) => {
    const terminal = terminalIn(demo(), { columns: 80, rows: 24 });
    terminal.start(["review"]);
    await terminal.shows(/src\/store\.c/);
    process.kill(terminal.pid, signal);
    expect(await terminal.ended()).toBe(code);
    await isClean(terminal);
  });

  it("gives the terminal back on Ctrl-C, also in the middle of the scan", async () => {
    const terminal = terminalIn(demo(), { columns: 80, rows: 24 });
    terminal.start(["review"]);
    await terminal.until(
      () => terminal.modes().alternate,
      () => "it does not start",
    );
    terminal.press("C-c");
    expect(await terminal.ended()).toBe("0");
    await isClean(terminal);
  });

  it("ends when the terminal goes away", async () => {
    const folder = demo();
    const terminal = terminalIn(folder);
    terminal.start(["review"]);
    await terminal.shows(/src\/store\.c/);
    terminal.kill();
    expect(await terminal.ended()).toBe("SIGHUP");
    expect(readdirSync(folder).filter((name) => name.startsWith("core"))).toEqual([]);
  });

  it("stops on Ctrl-Z and goes on with fg", async () => {
    const terminal = terminalIn(demo());
    terminal.start(["review"]);
    await terminal.shows(/src\/store\.c/);
    terminal.press("C-z");
    await terminal.shows(/[Ss]topped|suspended/i);
    await isClean(terminal);
    terminal.type("fg");
    terminal.press("Enter");
    await terminal.shows(/src\/store\.c/);
    expect(terminal.modes()).toEqual({ alternate: true, cursor: false });
    terminal.press("?");
    await terminal.shows(/next open finding/);
    terminal.press("q");
    await pause(300);
    terminal.press("q");
    expect(await terminal.ended()).toBe("0");
    await isClean(terminal);
  });

  it("follows the size of the terminal", async () => {
    const terminal = terminalIn(demo(), { columns: 80, rows: 24 });
    terminal.start(["review"]);
    const small = await terminal.shows(/src\/store\.c/);
    // Below the footer there is a line for messages.
    expect(small.split("\n")[22]).toMatch(/\S/);
    terminal.resize(150, 45);
    await terminal.until(
      () => /\? help/.test(terminal.screen().split("\n")[43]),
      () => `45 rows are not used:\n${terminal.screen()}`,
    );
    terminal.resize(60, 15);
    await terminal.until(
      () => /^ ungil review/.test(terminal.screen()) && /\S/.test(terminal.screen().split("\n")[13]),
      () => `15 rows are not used:\n${terminal.screen()}`,
    );
    terminal.press("q");
    expect(await terminal.ended()).toBe("0");
    await isClean(terminal);
  });

  it("says what is wrong before it touches the terminal", async () => {
    const folder = demo();
    const terminal = terminalIn(folder);
    terminal.start(["review", "no-such-folder"]);
    expect(await terminal.ended()).toBe("2");
    await terminal.shows(/no such file or folder: no-such-folder/);
    expect(terminal.modes()).toEqual({ alternate: false, cursor: true });
  });

  it("does not begin with a triage file that it cannot read", async () => {
    const folder = demo();
    execFileSync("mkdir", [join(folder, ".ungil")]);
    const triage = join(folder, ".ungil/triage.json");
    writeFileSync(triage, "[\n<<<<<<< ours\n{}\n]\n");
    const terminal = terminalIn(folder);
    terminal.start(["review"]);
    expect(await terminal.ended()).toBe("2");
    await terminal.shows(/line 2: a merge conflict is not resolved/);
    expect(readFileSync(triage, "utf8")).toContain("<<<<<<<");
  });
});

describe("ungil review without a terminal", () => {
  it("explains itself and exits 2", () => {
    const folder = demo();
    const run = ungil(["review"], folder);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(/review needs a terminal[\s\S]*ungil fix --dry-run/);
    expect(existsSync(join(folder, ".ungil"))).toBe(false);
  });
});
