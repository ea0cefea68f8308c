/** A git repository that stands for somebody's project. */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../cli/ungil.ts";

const root = join(import.meta.dirname, "../..");

export function git(cwd: string, ...args: string[]): string {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, ...args], { cwd, encoding: "utf8" }).trim();
}

/** The demo as a repository of one commit on the branch `main`. */
export function demoRepository(): string {
  const folder = join(temporaryFolder(), "project");
  cpSync(join(root, "samples/demo"), folder, { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  commitAll(folder, "Everything");
  return folder;
}

export function commitAll(folder: string, message: string): void {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", message);
}

/** Replaces the first `from` of a file. */
export function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}
