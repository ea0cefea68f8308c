import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PseudoTerminal, whyNoTerminal } from "../tui/pseudo-terminal.ts";
import { tree, ungil } from "./ungil.ts";

const cwd = tree({ "src/lamp.c": "", "my file.c": "", "other/x": "" });

/** What is typed before the tabulator, and the line after it. */
const LINES: [string, string][] = [
  ["ungil re", "ungil review"],
  ["ungil --debug ru", "ungil --debug rules"],
  ["ungil --fail-on non", "ungil --fail-on none"],
  ["ungil --min-python 3.7 --target 3.15 src --risk hi", "ungil --min-python 3.7 --target 3.15 src --risk high"],
  ["ungil fix --level rev", "ungil fix --level review"],
  ["ungil fix --level=rev", "ungil fix --level=review"],
  ["ungil fix --dry", "ungil fix --dry-run"],
  ["ungil --format gith", "ungil --format github"],
  ["ungil explain borrowed-l", "ungil explain borrowed-list-item"],
  ["ungil --select borrowed,lock-l", "ungil --select borrowed,lock-leak"],
  ["ungil baseline cr", "ungil baseline create"],
  ["ungil help expl", "ungil help explain"],
  ["ungil completion fi", "ungil completion fish"],
  ["ungil src/la", "ungil src/lamp.c"],
  ["ungil scan --config oth", "ungil scan --config other/"],
];

const FILE_WITH_SPACE: [string, string] = ["ungil scan my", "ungil scan my\\ file.c"];

function script(shell: string): string {
  const run = ungil(["completion", shell], cwd);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const path = join(cwd, `completion.${shell}`);
  writeFileSync(path, run.stdout);
  return path;
}

function whyNot(shell: string, terminal = true): string | undefined {
  if (spawnSync(shell, ["--version"]).status !== 0) return `${shell} is not installed`;
  return terminal ? whyNoTerminal() : undefined;
}

/** Types each line into a shell, and waits for what the tabulator makes of it. */
async function completes(shell: string, start: string, lines: readonly [string, string][]): Promise<void> {
  const terminal = new PseudoTerminal(cwd, { columns: 100, rows: 30 });
  open.push(terminal);
  terminal.type(start);
  terminal.press("Enter");
  await terminal.shows(/ready-2/);
  for (const [typed, completed] of lines) {
    terminal.press("C-l");
    terminal.type(typed);
    terminal.press("Tab");
    const wanted = completed.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    await terminal.shows(new RegExp(`${wanted}\\s*$`)).catch((error: Error) => {
      throw new Error(`${shell}: ${typed}: ${error.message}`);
    });
    terminal.press("C-u");
  }
}

const open: PseudoTerminal[] = [];
afterAll(() => {
  for (const terminal of open) terminal.kill();
});

describe("completion", () => {
  const noBash = whyNot("bash");
  it.skipIf(noBash)(`in bash${noBash ? `: ${noBash}` : ""}`, async () => {
    const load = `PS1='$ '; source ${script("bash")}; echo ready-$((1+1))\n`;
    writeFileSync(join(cwd, "bashrc"), load);
    await completes("bash", `exec bash --rcfile '${join(cwd, "bashrc")}'`, [...LINES, FILE_WITH_SPACE]);
  });

  const noZsh = whyNot("zsh");
  it.skipIf(noZsh)(`in zsh${noZsh ? `: ${noZsh}` : ""}`, async () => {
    const load = `PS1='$ '; autoload -U compinit; compinit -D -u; source ${script("zsh")}; echo ready-$((1+1))`;
    writeFileSync(join(cwd, ".zshrc"), load);
    await completes("zsh", `ZDOTDIR='${cwd}' exec zsh -d`, [...LINES, FILE_WITH_SPACE]);
  });

  const noFish = whyNot("fish", false);
  it.skipIf(noFish)(`in fish${noFish ? `: ${noFish}` : ""}`, () => {
    const asked = LINES.map(([typed]) => `echo "> ${typed}"; complete -C "${typed}"`).join("\n");
    const run = spawnSync("fish", ["--no-config", "-c", `source ${script("fish")}\n${asked}`], {
      cwd,
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    const answers = run.stdout.split(/^> /m).slice(1);
    LINES.forEach(([typed, completed], i) => {
      const [, ...candidates] = answers[i].trimEnd().split("\n");
      const word = completed.slice(completed.lastIndexOf(" ") + 1);
      expect(
        candidates.map((c) => c.split("\t")[0]),
        typed,
      ).toEqual([word]);
    });
  });

  it("knows no other shell", () => {
    expect(ungil(["completion", "tcsh"], cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("bash, zsh, fish"),
    });
  });
});
