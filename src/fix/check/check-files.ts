/** Compiles files as they would be after the fixes. */
import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { type CompileCommands, findCompileCommands, inShadow, lookingOnly } from "./compile-commands.ts";
import { type CommandResult, runCommand } from "./run-command.ts";
import { isInside, makeShadow, type Shadow } from "./shadow.ts";
import { quoted } from "./shell-words.ts";

/** A command for the shell, in which `{file}` stands for the file (it is appended if it does not), or each file's own. */
export type CheckWith = { command: string } | "compile-commands";

export interface CheckOptions {
  with: CheckWith;
  /** Absolute path of the project's folder: what the shadow is made of. */
  top: string;
  /** Folder in which commands run. */
  cwd: string;
  signal?: AbortSignal;
}

export interface CheckedFile {
  path: string;
  after: Uint8Array;
  /** False for a file that the fixes make. */
  existed: boolean;
}

/** `passed`: it compiles. `failed`: it did and no longer does. `unchecked`: nothing can be said, and why. */
export type CheckVerdict = { result: "passed" } | { result: "failed" | "unchecked"; reason: string };

/** One verdict for each file, by path. Files that only others include (headers) are checked if the command can do that alone. */
export async function checkFiles(
  files: readonly CheckedFile[],
  options: CheckOptions,
): Promise<Map<string, CheckVerdict>> {
  const verdicts = new Map<string, CheckVerdict>();
  const runner = new Runner(options);
  const shadow = makeShadow(runner.top, new Map(files.map((f) => [runner.inTop(f.path), f.after])));
  try {
    const waiting = [...files];
    const work = async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        verdicts.set(file.path, await runner.verdict(file, shadow));
      }
    };
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, work));
  } finally {
    shadow.remove();
  }
  return verdicts;
}

class Runner {
  readonly top: string;
  private readonly options: CheckOptions;
  private readonly database: CompileCommands | undefined;

  constructor(options: CheckOptions) {
    this.options = options;
    this.top = realpathSync(options.top);
    if (options.with === "compile-commands") this.database = findCompileCommands(this.top);
  }

  /** The path below the folder without links in it; what is outside, or a link itself, keeps its name. */
  inTop(path: string): string {
    return resolve(this.top, relative(resolve(this.options.top), path));
  }

  async verdict(file: CheckedFile, shadow: Shadow): Promise<CheckVerdict> {
    const path = this.inTop(file.path);
    if (!isInside(path, this.top)) return { result: "unchecked", reason: "it lies outside of the project" };
    const after = await this.run(path, shadow);
    if (typeof after === "string") return { result: "unchecked", reason: after };
    if (after.ok) return { result: "passed" };
    const reason = after.error.replaceAll(shadow.folder, this.top);
    if (!file.existed) return { result: "failed", reason };
    const before = await this.run(path, undefined);
    if (typeof before === "string" || before.ok) return { result: "failed", reason };
    return { result: "unchecked", reason: `it does not compile before the fix either: ${before.error}` };
  }

  /** Runs the file's command where the files are as after the fixes, or (without a shadow) as they are now. */
  private async run(path: string, shadow: Shadow | undefined): Promise<CommandResult | string> {
    const { with: how, signal } = this.options;
    if (how !== "compile-commands") {
      const here = this.inTop(resolve(this.options.cwd));
      const cwd = shadow === undefined ? here : shadow.pathOf(here);
      const file = quoted(relative(cwd, shadow === undefined ? path : shadow.pathOf(path)));
      const command = how.command.includes("{file}")
        ? how.command.replaceAll("{file}", () => file)
        : `${how.command} ${file}`;
      return runCommand(command, cwd, signal);
    }
    if (this.database === undefined) return "there is no compile_commands.json";
    const own = this.database.commands.get(real(path));
    if (own === undefined) return "compile_commands.json does not have it";
    const looking = lookingOnly(own);
    const { directory, words } = shadow === undefined ? looking : inShadow(looking, this.top, shadow);
    return runCommand(words, directory, signal);
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
