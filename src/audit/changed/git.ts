/**
 * Reads objects of a repository of unknown origin. Only commands that look at objects are run: git compares no working files, so
 * neither filters nor drivers, hooks, monitors or pagers that the repository's configuration names get to run; nothing is fetched.
 */
import { spawnSync } from "node:child_process";
import { UsageError } from "../types.ts";

/** Who is asked, and what must not happen on the way. */
const ALWAYS = [
  "--no-pager",
  "--no-replace-objects",
  "--literal-pathspecs",
  ...["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"].flatMap((c) => ["-c", c]),
];
/** Repositories of a user's choice: who may own them is said there. */
const KEPT_VARIABLES = /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/;
const MOST_OUTPUT = 2 ** 30;

export interface GitAnswer {
  ok: boolean;
  out: Buffer;
  /** What git says is wrong, in one line that can be shown. */
  error: string;
}

/** Runs git in the work tree `top`. @throws UsageError if there is no git. */
export function git(top: string, args: readonly string[], input?: string): GitAnswer {
  const run = spawnSync("git", [...ALWAYS, ...args], { cwd: top, env: environment(), input, maxBuffer: MOST_OUTPUT });
  if (run.error !== undefined) {
    const { code } = run.error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new UsageError("--diff needs git, which is not installed", "Install it, or leave --diff out.");
    throw new UsageError(`git cannot be run (${code ?? run.error.message})`);
  }
  const [error] = run.stderr.toString("utf8").trim().split("\n");
  return { ok: run.status === 0, out: run.stdout, error: error };
}

function environment(): NodeJS.ProcessEnv {
  // In hooks and under `git rebase --exec` these name another repository, or an index that is half written.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT_VARIABLES.test(name));
  return {
    ...Object.fromEntries(own),
    LC_ALL: "C",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** What a tree has at a path. */
export interface TreeEntry {
  /** Of a submodule the commit is known. Symbolic links are left out. */
  kind: "file" | "submodule";
  id: string;
}

/** All files of a commit by their path. @throws UsageError if git cannot read them. */
export function treeOf(top: string, commit: string): Map<string, TreeEntry> {
  const { ok, out, error } = git(top, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  if (!ok) throw new UsageError(`git cannot list the files of ${commit}: ${error}`);
  const entries = new Map<string, TreeEntry>();
  for (const line of out.toString("utf8").split("\0")) {
    const tab = line.indexOf("\t");
    const [mode, , id] = line.slice(0, Math.max(tab, 0)).split(" ");
    if (mode === "160000") entries.set(line.slice(tab + 1), { kind: "submodule", id });
    else if (mode?.startsWith("100")) entries.set(line.slice(tab + 1), { kind: "file", id });
  }
  return entries;
}

/** The content of blobs by their name. @throws UsageError if one is not there, as in a clone without blobs. */
export function blobsOf(top: string, ids: readonly string[]): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return blobs;
  const { ok, out, error } = git(top, ["cat-file", "--batch"], wanted.map((id) => `${id}\n`).join(""));
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    const [id, kind, size] = out.toString("latin1", at, end).split(" ");
    if (kind !== "blob") break;
    const from = end + 1;
    blobs.set(id, out.subarray(from, from + Number(size)));
    at = from + Number(size) + 1;
  }
  const missing = wanted.find((id) => !blobs.has(id));
  if (!ok || missing !== undefined) {
    const reason = error || `${missing} is missing`;
    throw new UsageError(
      `git cannot read older versions of files: ${reason}`,
      "A clone with --filter does not have them: clone without it.",
    );
  }
  return blobs;
}
