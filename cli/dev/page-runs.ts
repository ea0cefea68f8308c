/**
 * A page shows what commands really print. Between `<!-- run COMMAND -->` and `<!-- /run -->` stands the output of a command line of
 * ungil in a copy of `samples/demo`; the commands of one page run one after the other in the same copy. ` | head N` or ` | tail N` at the
 * end of the command keeps so many lines.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellWords } from "../../src/fix/check/shell-words.ts";

const BLOCK = /(<!-- run ungil(.*?)(?: \| (head|tail) (\d+))? -->\n)[\s\S]*?(<!-- \/run -->)/g;
const COMMAND = join(import.meta.dirname, "../ungil.js");
const CUT = "[...]";

/** `page` with every block filled. `root` is the checkout. @throws Error for a command that could not be done. */
export function withRuns(page: string, root: string): string {
  if (page.match(BLOCK) === null) return page;
  const folder = mkdtempSync(join(tmpdir(), "ungil-page-"));
  const cwd = join(folder, "demo");
  cpSync(join(root, "samples/demo"), cwd, { recursive: true });
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", UNGIL_CACHE_DIR: join(folder, "cache") };
  try {
    return page.replace(BLOCK, (_, open: string, args: string, end: string, count: string, close: string) => {
      const run = spawnSync(process.execPath, [COMMAND, ...shellWords(args)], { cwd, env, encoding: "utf8" });
      if (run.status !== 0 && run.status !== 1) throw new Error(`ungil${args}: ${run.stderr}`);
      const lines = `${run.stdout}${run.stderr}`.trimEnd().split("\n");
      const shown = kept(lines, end, Number(count)).join("\n");
      return `${open}\`\`\`console\n$ ungil${args}\n${shown}\n\`\`\`\n${close}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kept(lines: readonly string[], end: string | undefined, count: number): readonly string[] {
  if (end === undefined || lines.length <= count) return lines;
  return end === "head" ? [...lines.slice(0, count), CUT] : [CUT, ...lines.slice(-count)];
}
