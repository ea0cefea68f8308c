import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { initialState } from "../../../../../cli/tui/model/reducer.ts";
import type { Item, ReviewState } from "../../../../../cli/tui/model/types.ts";
import { editorCommand } from "../../../../../cli/tui/session/editor.ts";
import { textOf } from "../../../../../cli/tui/session/error-text.ts";
import { selectionMarkdown, writeSelection } from "../../../../../cli/tui/session/export-markdown.ts";
import { History } from "../../../../../cli/tui/session/history.ts";
import { Painter } from "../../../../../cli/tui/session/painter.ts";
import { loadResume, saveResume } from "../../../../../cli/tui/session/resume.ts";
import { TriageStore } from "../../../../../cli/tui/session/triage-store.ts";
import { WriteRefused, WriteStopped } from "../../../../../src/fix/write/refused.ts";

const all: string[] = [];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ungil-session-"));
  all.push(folder);
});
afterAll(() => {
  for (const f of all) rmSync(f, { recursive: true });
});

const A = "a".repeat(32);
const B = "b".repeat(32);

function item(changes: Partial<Item["finding"]> = {}, state: Item["state"] = "open", triage?: Item["triage"]): Item {
  const finding = { fingerprint: A, rule: "lock-leak", risk: "high", file: "m.c", line: 3, message: "`x` leaks" };
  return { finding: { ...finding, ...changes } as Item["finding"], state, ...(triage ? { triage } : {}) };
}

describe("the editor's command", () => {
  it.each([
    [{}, "vi", ["+7", "/p/m.c"]],
    [{ EDITOR: "nano -w" }, "nano", ["-w", "+7", "/p/m.c"]],
    [{ EDITOR: "nano", VISUAL: "/usr/bin/code -n" }, "/usr/bin/code", ["-n", "--wait", "--goto", "/p/m.c:7"]],
    [{ VISUAL: "  ", EDITOR: "hx" }, "hx", ["/p/m.c:7"]],
  ])("for %j is %s %j", (env, command, args) => {
    expect(editorCommand(env, "/p/m.c", 7)).toMatchObject({ command, args });
  });

  it.skipIf(process.platform === "win32")("leaves quoting to the shell, but never the file's name", () => {
    const { command, args, name } = editorCommand({ EDITOR: '"/opt/my editor/vim" -X' }, "/p/$(x).c", 7);
    expect(command).toBe("sh");
    expect(args).toEqual(["-c", '"/opt/my editor/vim" -X "$@"', name, "+7", "/p/$(x).c"]);
  });
});

describe("the selection as Markdown", () => {
  it("has a line for each finding, ticked if fixed, with what was decided", () => {
    const triage = { state: "false-positive", reason: "held", assignee: "Ada", note: "see #3" } as const;
    expect(selectionMarkdown([item({}, "false-positive", triage), item({ line: 9 }, "fixed")])).toBe(
      [
        "## `m.c`",
        "",
        "- [ ] **high** `lock-leak` `m.c:3`: `x` leaks",
        "  - false-positive: held",
        "  - for Ada",
        "  - see \\#3",
        "- [x] **high** `lock-leak` `m.c:9`: `x` leaks",
        "",
      ].join("\n"),
    );
  });

  it("lets nothing from files or people be markup or a control character", () => {
    const text = selectionMarkdown([
      item({ file: "a`b\u001b[31m.c", message: "<img src=x> *b* [l](u) `code <i>`\n# head" }, "open", {
        note: "<script>",
      }),
    ]);
    expect(text).not.toContain("\u001b");
    expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)<script/);
    expect(text).toContain("\\*b\\* \\[l\\](u) `code <i>` \\# head");
    expect(text.split("\n").filter((l) => l.startsWith("#"))).toHaveLength(1);
  });

  it("never replaces a file", () => {
    writeFileSync(join(folder, "ungil-selection.md"), "mine");
    expect(writeSelection(folder, [item()])).toBe("ungil-selection-2.md");
    expect(writeSelection(folder, [item()])).toBe("ungil-selection-2.md");
    expect(writeSelection(folder, [item({ line: 4 })])).toBe("ungil-selection-3.md");
    expect(readFileSync(join(folder, "ungil-selection.md"), "utf8")).toBe("mine");
  });
});

describe("resuming", () => {
  const state: ReviewState = { ...initialState(), items: [item()], filter: "risk:high", sort: "rule", cursor: A };

  it("brings back where one was, and keeps that out of git", () => {
    saveResume(folder, state);
    expect(loadResume(folder)).toMatchObject({ filter: "risk:high", sort: "rule", cursor: A, tab: "code" });
    expect(readFileSync(join(folder, ".ungil/.gitignore"), "utf8")).toBe(
      "*\n!baseline.json\n!triage.json\n!.gitattributes\n",
    );
  });

  it("takes nothing from a file that somebody broke", () => {
    expect(loadResume(folder)).toEqual({});
    saveResume(folder, state);
    writeFileSync(join(folder, ".ungil/review.json"), '{"sort":"no such","tab":4,"filter":7,"diff":"split"}');
    expect(loadResume(folder)).toEqual({ diff: "split" });
    writeFileSync(join(folder, ".ungil/review.json"), "{");
    expect(loadResume(folder)).toEqual({});
  });

  it("does not fail where nothing can be written", () => {
    writeFileSync(join(folder, ".ungil"), "a file");
    expect(() => saveResume(folder, state)).not.toThrow();
  });
});

describe("the triage file", () => {
  it("is made with the first decision, replaced at one stroke, and git sees of its folder only what is shared", () => {
    mkdirSync(join(folder, ".ungil"));
    writeFileSync(join(folder, ".ungil/.gitignore"), "*\n");
    const store = new TriageStore(folder);
    expect(existsSync(store.path)).toBe(false);
    store.change([A], () => ({ state: "suppressed", reason: "known" }));
    expect(readFileSync(store.path, "utf8")).toBe(
      `[\n{"fingerprint":"${A}","state":"suppressed","reason":"known"},\n{}\n]\n`,
    );
    expect(readdirSync(join(folder, ".ungil")).sort()).toEqual([".gitattributes", ".gitignore", "triage.json"]);
    expect(readFileSync(join(folder, ".ungil/.gitignore"), "utf8")).toBe(
      "*\n!baseline.json\n!triage.json\n!.gitattributes\n",
    );
  });

  it("keeps what others wrote meanwhile, and notices it", () => {
    const mine = new TriageStore(folder);
    const theirs = new TriageStore(folder);
    theirs.change([A], () => ({ note: "theirs" }));
    mine.change([B], () => ({ note: "mine" }));
    expect(mine.get(A)).toEqual({ note: "theirs" });
    expect(mine.refresh()).toBe(false);
    expect(theirs.refresh()).toBe(true);
    expect(theirs.get(B)).toEqual({ note: "mine" });
  });

  it("takes a change back", () => {
    const store = new TriageStore(folder);
    store.change([A], () => ({ note: "one" }));
    const change = store.change([A, B], (before) => ({ ...before, assignee: "Ada" }));
    store.set(change.before);
    expect(store.get(A)).toEqual({ note: "one" });
    expect(readFileSync(store.path, "utf8")).not.toContain("Ada");
    store.set(change.after);
    expect(store.get(B)).toEqual({ assignee: "Ada" });
  });

  it("is not touched if it cannot be read, and says where once", () => {
    const store = new TriageStore(folder);
    store.change([A], () => ({ note: "one" }));
    const broken = "[\n{]\n";
    writeFileSync(store.path, broken);
    expect(() => store.refresh()).toThrow(/triage\.json: line 2: not an entry/);
    expect(store.refresh()).toBe(false);
    expect(store.get(A)).toEqual({ note: "one" });
    expect(() => store.change([A], () => ({ note: "two" }))).toThrow(/line 2/);
    expect(readFileSync(store.path, "utf8")).toBe(broken);
    expect(() => new TriageStore(folder)).toThrow(/line 2/);
  });
});

describe("the history", () => {
  it("moves actions only if taking them back works", async () => {
    const history = new History();
    history.add({ files: false });
    expect(history.counts).toEqual({ undo: 0, redo: 0, triaged: 0 });
    history.add({ files: true });
    history.add({ files: false, triage: { before: new Map([[A, {}]]), after: new Map([[A, { note: "x" }]]) } });
    expect(history.counts).toEqual({ undo: 2, redo: 0, triaged: 1 });
    await expect(history.undo(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(history.counts.undo).toBe(2);
    await history.undo(async (step) => expect(step.triage?.before.get(A)).toEqual({}));
    expect(history.counts).toEqual({ undo: 1, redo: 1, triaged: 0 });
    history.add({ files: true });
    expect(await history.redo(async () => {})).toBe(false);
  });
});

describe("errors", () => {
  it("say what happened to which files", () => {
    const refused = new WriteRefused("nothing was written", [{ file: "m.c", reason: "it is read-only" }]);
    expect(textOf(refused)).toBe("nothing was written: m.c: it is read-only");
    expect(textOf(new WriteRefused("nothing was written (ENOSPC)", []))).toBe("nothing was written (ENOSPC)");
    expect(textOf(new WriteStopped("EIO", ["a.c"], []))).toBe("EIO: written: a.c; as before: none");
    expect(textOf("odd")).toBe("odd");
  });
});

describe("the painter", () => {
  class Output extends EventEmitter {
    columns = 20;
    rows = 3;
    text = "";
    write(text: string): boolean {
      this.text += text;
      return true;
    }
    taken(): string {
      const { text } = this;
      this.text = "";
      return text;
    }
  }
  function painter() {
    const output = new Output();
    return { output, painter: new Painter(output as unknown as NodeJS.WriteStream) };
  }

  it("writes the lines that changed, and no others", () => {
    const { output, painter: p } = painter();
    p.write("one\ntwo\n");
    expect(output.taken()).toBe("");
    p.open();
    expect(output.taken()).toContain("\u001b[1;1H\u001b[Kone\u001b[2;1H\u001b[Ktwo");
    p.write("one\n2\n");
    expect(output.taken()).toBe("\u001b[?2026h\u001b[2;1H\u001b[K2\u001b[?2026l");
    p.write("one\n2\n");
    expect(output.taken()).toBe("");
    p.write("one\n");
    expect(output.taken()).toBe("\u001b[?2026h\u001b[2;1H\u001b[K\u001b[?2026l");
  });

  it("never writes below the last row, and leaves the cursor to the terminal's owner", () => {
    const { output, painter: p } = painter();
    p.open();
    output.taken();
    p.write("\u001b[?25l");
    expect(output.taken()).toBe("");
    p.write("1\n2\n3\n4\n5");
    expect(output.taken()).not.toMatch(/[45]\u001b|\n/);
  });

  it("draws everything anew for another size, and nothing while the terminal is lent", () => {
    const { output, painter: p } = painter();
    let resized = 0;
    p.on("resize", () => resized++);
    p.open();
    p.write("one\n");
    p.close();
    output.taken();
    p.write("two\n");
    output.emit("resize");
    expect(output.taken()).toBe("");
    p.open();
    expect(output.taken()).toContain("two");
    output.emit("resize");
    p.write("two\n");
    expect(output.taken()).toMatch(/\[2J.*two/s);
    expect(resized).toBe(2);
    p.end();
    expect(output.listenerCount("resize")).toBe(0);
  });
});
